import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, task, view } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const FILLED = { ...view, values: { ...view.values, number: "RS-7" } };
const withTask = (more: Partial<typeof task>) => on("get", "/cases/{id}", { ...FILLED, tasks: [{ ...task, ...more }] });

// proves: FLOW-17, FLOW-18
test("where a bare read is no answer it says so while it is written, and is not sent", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({}),
    on("post", "/tasks/{id}/approval", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  const field = await screen.findByRole("textbox", { name: "意见" });
  await user.type(field, "已 阅。");
  expect(screen.getByText(/^只写“已阅”不能提交/)).toHaveAttribute("role", "status");
  await user.click(screen.getByRole("button", { name: /^同意/ }));
  expect(sent).toBeUndefined();
  await expectAccessible();
  await user.type(field, "同意");
  await user.click(screen.getByRole("button", { name: /^同意/ }));
  expect(await screen.findByText(/^已同意/)).toBeInTheDocument();
  expect(sent?.body).toMatchObject({ text: "已 阅。同意" });
});

// proves: FLOW-17
test("where a bare read counts as disagreeing it is told before and sent as that", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({ bare_read: "disagree" }),
    on("post", "/tasks/{id}/rejection", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  const bar = await screen.findByRole("group", { name: "常用语" });
  await user.click(within(bar).getByRole("button", { name: /已阅/ }));
  expect(screen.getByText("本环节只写“已阅”视为不同意")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: /^同意/ }));
  expect(await screen.findByText(/^不同意|已不同意/)).toBeInTheDocument();
  expect(sent?.body).toMatchObject({ text: "已阅" });
});
