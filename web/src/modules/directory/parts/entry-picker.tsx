import { useState } from "react";

import { can } from "@/lib/can";
import { t, text } from "@/lib/words";
import { Select } from "@/ui";

import { type UnitNode, unitsIn, useEveryPost, useUnits } from "../api";
import { EntryName, type EntryKind } from "./entry-name";
import styles from "./person-picker.module.css";
import { type Picking, selectFor } from "./picking";

interface EntryPickerProps extends Picking {
  kind: EntryKind;
  /** Of units: only those of the house, or only external organisations. */
  among?: "house" | "external" | undefined;
}

/** What can be chosen, with where it belongs. */
interface Entry {
  id: string;
  name: string;
  where: string;
  disabled?: boolean;
}

/** Departments, posts or units that the reader may see, found by name. */
export function EntryPicker({ kind, among, ...picking }: EntryPickerProps) {
  const [open, setOpen] = useState(false);
  const units = useUnits(open);
  const posts = useEveryPost(open && kind === "post");
  const entries = entriesOf(kind, units.data?.items ?? [], posts).filter((entry) => among === undefined || entry.external === (among === "external"));

  return (
    <Select
      {...selectFor(picking)}
      showSearch={{ filterOption: (typed, option) => `${option?.entry.name} ${option?.entry.where}`.toLowerCase().includes(typed.trim().toLowerCase()) }}
      placeholder={t(`directory.pick_${kind}`)}
      notFoundContent={units.isFetching ? t("ui.searching") : t("directory.nothing_found")}
      options={entries.map((entry) => ({ value: entry.id, label: entry.name, entry, disabled: entry.disabled ?? false }))}
      onOpenChange={setOpen}
      labelRender={({ value: chosen, label }) => label ?? <EntryName id={String(chosen)} kind={kind} />}
      optionRender={({ data }) => (
        <span className={styles.option}>
          <span>{data.entry.name}</span>
          <span className={styles.where}>{data.entry.where}</span>
        </span>
      )}
    />
  );
}

/** In the order of the organisation. What is shown only because something below it may be seen is not chosen. */
function entriesOf(kind: EntryKind, roots: readonly UnitNode[], posts: ReturnType<typeof useEveryPost>): (Entry & { external: boolean })[] {
  if (kind === "post") {
    const names = new Map(unitsIn(roots).map((unit) => [unit.id, text(unit.name)]));
    return posts.map((post) => ({ id: post.id, name: text(post.name), where: names.get(post.unit) ?? "", external: false }));
  }
  const below = (node: UnitNode, above: string): (Entry & { external: boolean })[] => {
    const name = text(node.name);
    const own = { id: node.id, name, where: above, disabled: !can(node, "read"), external: node.unit_kind === "external" };
    return [...(node.kind === kind ? [own] : []), ...node.children.flatMap((child) => below(child, above ? `${above} / ${name}` : name))];
  };
  return roots.flatMap((root) => below(root, ""));
}
