/** What the reader may do with a thing, as the server said it. The client never re-decides. */
export function can(thing: { can: readonly string[] } | undefined, verb: string): boolean {
  return thing?.can.includes(verb) ?? false;
}
