export interface Tiers {
  rows: string[][];
  above: string[];
}
export interface Zone {
  target: string;
  from: string[];
  message: string;
}
export function readTiers(source: string): Tiers;
export function zones(tiers: Tiers, folders: string[]): Zone[];
export function zonesSource(tiers: string, modules: string): Promise<string>;
