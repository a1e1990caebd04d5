/** The known name most like the one written, if one is like enough to ask "did you mean". */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const last = written.slice(written.lastIndexOf(".") + 1);
  const allowed = Math.min(Math.max(Math.floor([...last].length / 2), 1), 3);
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = distanceTo(written, name);
    if (distance > allowed) continue;
    if (!best || distance < best.distance || (distance === best.distance && name < best.name)) best = { name, distance };
  }
  return best?.name;
}

/** Where only the last part of a path was written (`amount` for `form.amount`), that part counts. */
function distanceTo(written: string, name: string): number {
  const whole = editDistance(written, name);
  if (written.includes(".")) return whole;
  return Math.min(whole, editDistance(written, name.slice(name.lastIndexOf(".") + 1)));
}

/** Insertions, deletions, replacements and exchanges of neighbours that turn one text into the other. */
function editDistance(one: string, other: string): number {
  const left = [...one].slice(0, 100);
  const right = [...other].slice(0, 100);
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  left.forEach((letter, i) => {
    const row = [i + 1];
    right.forEach((target, j) => {
      const replace = at(last, j) + (letter === target ? 0 : 1);
      let best = Math.min(replace, at(last, j + 1) + 1, at(row, j) + 1);
      if (i > 0 && j > 0 && letter === right[j - 1] && left[i - 1] === target) best = Math.min(best, at(beforeLast, j - 1) + 1);
      row.push(best);
    });
    beforeLast = last;
    last = row;
  });
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
