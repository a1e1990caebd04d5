import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import antd from "antd/locale/zh_CN";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";

import { Form, Select } from "./controls";
import { UiProvider } from "./provider";

const FRUITS = ["苹果", "梨", "桃"].map((name) => ({ value: name, label: name }));

function shown(select: React.ReactNode) {
  render(
    <UiProvider locale={antd}>
      <main>
        <h1>水果</h1>
        <Form layout="vertical">
          <Form.Item name="fruit" label="水果">
            {select}
          </Form.Item>
        </Form>
      </main>
    </UiProvider>,
  );
  return userEvent.setup();
}

// proves: MOB-01 (the part that a list that was opened is announced with its name)
test("a list of choices has a name when it is open, and keeps it while it is searched", async () => {
  const user = shown(<Select showSearch={{ optionFilterProp: "label" }} options={FRUITS} />);
  const box = screen.getByRole("combobox", { name: "水果" });
  await user.click(box);
  expect(await screen.findByRole("listbox", { name: "选项" })).toBeInTheDocument();
  await expectAccessible();
  await user.type(box, "桃");
  await expectAccessible();
  await user.type(box, "无此");
  expect(await screen.findByRole("listbox", { name: "选项" })).toBeInTheDocument();
  await expectAccessible();
});

test("what is chosen comes to the form, and the list is silent when it is closed", async () => {
  const user = shown(<Select options={FRUITS} />);
  await user.click(screen.getByRole("combobox", { name: "水果" }));
  await user.click(await screen.findByTitle("梨"));
  expect(screen.getAllByText("梨").length).toBeGreaterThan(0);
  expect(screen.getByRole("combobox", { name: "水果" })).toHaveAttribute("aria-expanded", "false");
  await expectAccessible();
});
