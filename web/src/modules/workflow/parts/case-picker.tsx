import type { Schemas } from "@/api/client";
import type { CaseInputProps } from "@/modules/forms/parts/case-parts";
import { t, text } from "@/lib/words";

import { type FormOf, useCasesToName } from "../api";
import { useRecordsHere } from "./records";
import { useRelated } from "./related";
import { eachOnce, howMany, useFurther, useSeeking } from "./seeking";
import { SoughtSelect } from "./sought-select";

/** One or several of the cases in which he for whom the form is filled in takes part, found by title, number or initiator. */
export function CasePicker(props: CaseInputProps) {
  const here = useRecordsHere();
  return here ? <Picker {...props} of={here.of} /> : null;
}

function Picker({ field, of, ...picking }: CaseInputProps & { of: FormOf }) {
  const seeking = useSeeking();
  const known = useRelated();
  const list = useCasesToName(of, field.id, { q: seeking.q || undefined }, seeking.open);
  const cases = eachOnce(list);
  const further = useFurther(list, cases.length, seeking.open);
  return (
    <SoughtSelect
      {...picking}
      {...howMany(field)}
      seeking={seeking}
      found={cases.map((row) => ({ id: row.id, name: nameOf(row) }))}
      busy={list.isFetching}
      error={list.error}
      retry={list.refetch}
      further={further}
      placeholder={t("workflow.pick_case")}
      nothing={t("workflow.no_case_found")}
      named={(id) => (known[id] ? nameOf(known[id]) : <Fetched of={of} field={field.id} id={id} />)}
    />
  );
}

function nameOf({ number, title }: Pick<Schemas["RelatedCase"], "number" | "title">): string {
  return `${number} ${text(title)}`;
}

/** Of a draft: only the id was kept. */
function Fetched({ of, field, id }: { of: FormOf; field: string; id: string }) {
  const [row] = eachOnce(useCasesToName(of, field, { id }));
  return <>{row ? nameOf(row) : "…"}</>;
}
