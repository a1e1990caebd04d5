import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import antd from "antd/locale/zh_CN";
import { expect, test, vi } from "vitest";

import { expectAccessible } from "@/test/axe";

import { ListPage } from "./list-page";
import { UiProvider } from "./provider";

function shown(items: string[], more: (() => unknown) | undefined) {
  render(
    <UiProvider locale={antd}>
      <main>
        <ListPage
          title="水果"
          label="水果"
          search={{ value: "桃", onChange: () => undefined }}
          list={{ items, error: undefined, retry: () => undefined, more }}
          rowKey={(item) => item}
          row={(item) => item}
          empty={{ title: "没有水果" }}
        />
      </main>
    </UiProvider>,
  );
  return userEvent.setup();
}

// proves: FLOW-37 (the part that a search is not over before it has looked through the whole list)
test("nothing found so far is not nothing found", async () => {
  const more = vi.fn();
  const user = shown([], more);
  expect(screen.getByRole("status")).toHaveTextContent("尚未找到");
  expect(screen.queryByText(/没有找到/)).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "加载更多" }));
  expect(more).toHaveBeenCalled();
  await expectAccessible();
});

test("nothing found in the whole list says so", () => {
  shown([], undefined);
  expect(screen.queryByRole("status")).not.toBeInTheDocument();
  expect(screen.getByText(/桃/)).toBeInTheDocument();
});
