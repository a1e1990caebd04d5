import { useDeferredValue, useState } from "react";

import { t, text } from "@/lib/words";
import { Select } from "@/ui";

import { type Named, usePeople, type PersonRow } from "../api";
import { ExternalMark } from "./external-mark";
import { PersonName } from "./person-name";
import styles from "./person-picker.module.css";
import { type Picking, selectFor } from "./picking";

interface PersonPickerProps extends Picking {
  /** Only these may be chosen; else everyone that the reader may see. */
  candidates?: readonly Named[] | undefined;
  /** Those who left may be chosen, instead of those in service. */
  left?: boolean;
}

/** One or several people, found by name, pinyin or initials. */
export function PersonPicker({ candidates, left, ...picking }: PersonPickerProps) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const q = useDeferredValue(typed.trim());
  const people = usePeople({ q: q || undefined, left }, open && !candidates);
  const found: (PersonRow | Named)[] = candidates
    ? candidates.filter((person) => person.name.toLowerCase().includes(q.toLowerCase()))
    : (people.data?.pages.flatMap((page) => page.items) ?? []);
  const options = found.map((person) => ({ value: person.id, label: person.name, person }));

  return (
    <Select
      {...selectFor(picking)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t("directory.pick_person")}
      notFoundContent={people.isFetching ? t("ui.searching") : t("directory.nobody_found")}
      options={options}
      onOpenChange={setOpen}
      labelRender={({ value: person, label }) => label ?? <PersonName id={String(person)} />}
      optionRender={({ data }) => (
        <span className={styles.option}>
          <span>
            {data.person.name}
            <ExternalMark of={data.person} />
          </span>
          <span className={styles.where}>{"post" in data.person ? whereabouts(data.person) : null}</span>
        </span>
      )}
    />
  );
}

/** 综合部 · 会计 */
export function whereabouts(person: PersonRow): string {
  return [text(person.department ?? person.unit), text(person.post)].filter(Boolean).join(" · ");
}
