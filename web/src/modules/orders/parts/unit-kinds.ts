/** What a unit is to its group, as it is chosen. */
export const UNIT_KINDS = ["subsidiary", "branch", "outpost", "group", "external"] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];
