export function contractSource(path: string): Promise<string>;
