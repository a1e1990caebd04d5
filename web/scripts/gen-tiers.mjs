// ESLint's import zones for src/modules, from the same tiers.toml that holds the crates: a module's folder may import
// the folders of earlier rows. Reads the small part of TOML that tiers.toml uses: tables with one `crates` array each.
import { readdir, readFile } from "node:fs/promises";

/** The rows of crate names in order, and the folders that stand above all modules. */
export function readTiers(source) {
  const rows = [];
  let above = [];
  const plain = source.replace(/#.*$/gm, "");
  for (const table of plain.split(/^(?=\[)/m)) {
    const names = (key) => {
      const found = new RegExp(`^${key}\\s*=\\s*\\[([^\\]]*)\\]`, "m").exec(table);
      return found ? [...found[1].matchAll(/"([^"]+)"/g)].map((match) => match[1]) : [];
    };
    if (table.startsWith("[[rows]]")) rows.push(names("crates"));
    if (table.startsWith("[web]")) above = names("above");
  }
  return { rows, above };
}

/** For each folder: the other folders that it must not import. */
export function zones({ rows, above }, folders) {
  const rowOf = (name) => rows.findIndex((row) => row.includes(name));
  return folders.map((folder) => {
    const own = rowOf(folder);
    if (own < 0 && !above.includes(folder)) {
      throw new Error(`web/src/modules/${folder}: no module of this name stands in tiers.toml`);
    }
    const forbidden = folders.filter((other) => {
      if (other === folder) return false;
      if (above.includes(folder)) return above.includes(other);
      return above.includes(other) || rowOf(other) >= own;
    });
    return {
      target: `./src/modules/${folder}`,
      from: forbidden.map((other) => `./src/modules/${other}`),
      message: `tiers.toml: ${folder} may import the modules of earlier rows only`,
    };
  });
}

export async function zonesSource(tiers, modules) {
  const entries = await readdir(modules, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  const made = zones(readTiers(await readFile(tiers, "utf8")), folders).filter((zone) => zone.from.length > 0);
  return `${JSON.stringify(made, null, 2)}\n`;
}
