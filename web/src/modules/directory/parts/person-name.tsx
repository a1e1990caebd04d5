import { usePerson } from "../api";

/** A person by id, by name as soon as it is known. */
export function PersonName({ id }: { id: string }) {
  const person = usePerson(id);
  return <>{person.data?.name ?? "…"}</>;
}

export function PersonNames({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && "、"}
          <PersonName id={id} />
        </span>
      ))}
    </>
  );
}
