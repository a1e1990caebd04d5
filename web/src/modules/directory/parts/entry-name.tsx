import { createContext, type ReactNode, useContext } from "react";

import { listed, text, type Text } from "@/lib/words";

import { useEveryPost, usePlace } from "../api";

/** What of the directory is chosen and named by id, beside people. */
export type EntryKind = "department" | "post" | "unit";

const Known = createContext<Readonly<Record<string, Text>>>({});

/** Names that came with what is shown: nobody asks for them again. */
export function KnownEntries({ names, children }: { names: Readonly<Record<string, Text>>; children: ReactNode }) {
  return <Known.Provider value={names}>{children}</Known.Provider>;
}

/** A department, a post or a unit by id, by name as soon as it is known. */
export function EntryName({ id, kind }: { id: string; kind: EntryKind }) {
  const known = useContext(Known)[id];
  if (known) return <>{text(known)}</>;
  return kind === "post" ? <PostName id={id} /> : <PlaceName id={id} />;
}

function PlaceName({ id }: { id: string }) {
  return <>{text(usePlace(id, undefined).data?.name) || "…"}</>;
}

function PostName({ id }: { id: string }) {
  return <>{text(useEveryPost(true).find((post) => post.id === id)?.name) || "…"}</>;
}

export function EntryNames({ ids, kind }: { ids: readonly string[]; kind: EntryKind }) {
  const [comma = "、"] = listed(["", ""]);
  return (
    <>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && comma}
          <EntryName id={id} kind={kind} />
        </span>
      ))}
    </>
  );
}
