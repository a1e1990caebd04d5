import type { Problem } from "@/lib/problem";
import { describeField } from "@/lib/problem";

/** The refusal's field errors in the shape the form shows them at its fields. */
export function fieldErrors(problem: Problem): { name: string; errors: string[] }[] {
  return problem.fields.map((field) => ({ name: field.field, errors: [describeField(field)] }));
}
