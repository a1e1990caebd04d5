import { createContext, type ReactNode, useContext } from "react";

import { currentLocale } from "@/lib/words";

import { type Named, usePerson } from "../api";
import { ExternalMark } from "./external-mark";

const Known = createContext<Readonly<Record<string, Named>>>({});

/** Names that came with what is shown: nobody is asked for them again. */
export function KnownPeople({ people, children }: { people: Readonly<Record<string, Named>>; children: ReactNode }) {
  return <Known.Provider value={people}>{children}</Known.Provider>;
}

/** A person by id, by name as soon as it is known. */
export function PersonName({ id }: { id: string }) {
  const known = useContext(Known)[id];
  const person = usePerson(known ? undefined : id);
  return (
    <>
      {known?.name ?? person.data?.name ?? "…"}
      <ExternalMark of={known ?? person.data} />
    </>
  );
}

export function PersonNames({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && (currentLocale() === "en" ? ", " : "、")}
          <PersonName id={id} />
        </span>
      ))}
    </>
  );
}
