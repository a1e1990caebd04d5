/** What a handler does with a case besides deciding it. */
import type { Person } from "./person.ts";

export type Operation =
  | "add_signer" | "hold" | "transfer" | "take_back" | "consult"
  | "hand_over" | "move" | "repair" | "halt" | "go_on" | "terminate_case";

/** Opens what stands behind "more", at the bar of decisions or at the head of the page. */
export async function opens(person: Person, operation: Operation, at: "bar" | "head" = "bar") {
  const place = person.page.locator(at === "bar" ? "footer" : "header");
  await place.getByRole("button", { name: person.t("workflow.more"), exact: true }).last().click();
  await person.page.getByRole("menuitem", { name: person.t(`workflow.${operation}`), exact: true }).click();
  const dialog = person.page.getByRole("dialog", { name: person.t(`workflow.${operation}`) });
  await dialog.waitFor();
  return dialog;
}

/** Chooses a person in the dialog of an operation. */
export async function picks(
  person: Person,
  dialog: Awaited<ReturnType<typeof opens>>,
  name: string,
  field: "workflow.operation_people" | "workflow.hand_over_to" = "workflow.operation_people",
): Promise<void> {
  await dialog.getByRole("combobox", { name: person.t(field) }).fill(name);
  await person.page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: name }).first().click();
}
