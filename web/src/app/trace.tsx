import { PersonName } from "@/modules/directory/parts/person-name";
import { TracePage } from "@/modules/trace/pages/trace";

/** The trace with the names of people, which its own module does not know. */
export function Trace() {
  return <TracePage nameOf={(person) => <PersonName id={person} />} />;
}
