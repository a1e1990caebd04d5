import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, HE, LIN, view, ZHAO } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

// proves: TRACE-03
test("the writer puts his words right: the old ones are struck through and lead to the new", async () => {
  let sent: Asked | undefined;
  const [first, comment] = view.opinions;
  server.use(
    on("get", "/cases/{id}", { ...view, opinions: [{ ...first!, can: ["correct"] }, comment!] }),
    on("post", "/cases/{id}/corrections", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "更正" }));
  const dialog = await screen.findByRole("dialog");
  const field = within(dialog).getByRole("textbox", { name: "更正后的意见" });
  await user.click(within(dialog).getByRole("button", { name: "更正" }));
  expect(within(dialog).getByRole("alert")).toHaveTextContent("请写出更正后的意见");
  expect(sent).toBeUndefined();
  await user.clear(field);
  await user.type(field, "注意交接，周五前完成");
  const corrected = { ...first!, text: "注意交接，周五前完成", no: 3, corrects: 1, at: "2026-11-20T05:00:00Z" };
  server.use(on("get", "/cases/{id}", { ...view, opinions: [{ ...first!, corrected_by: 3 }, comment!, corrected] }));
  await user.click(within(dialog).getByRole("button", { name: "更正" }));
  expect(await screen.findByText("注意交接，周五前完成")).toBeInTheDocument();
  expect(sent?.body).toMatchObject({ opinion: 1, text: "注意交接，周五前完成" });
  expect(screen.getAllByText("注意交接").some((words) => words.closest("del"))).toBe(true);
  expect(screen.getByRole("link", { name: "已更正，查看更正" })).toHaveAttribute("href", "#opinion-3");
  expect(screen.getByRole("link", { name: "查看更正前的意见" })).toHaveAttribute("href", "#opinion-1");
  await expectAccessible();
});

// proves: FLOW-15
test("an @ in a comment finds people by name, and whom it names stands below it", async () => {
  let sent: Asked | undefined;
  const [first, comment] = view.opinions;
  server.use(
    on("get", "/cases/{id}", { ...view, opinions: [first!, { ...comment!, mentions: [ZHAO.id] }] }),
    on("get", "/people", { items: [{ ...HE, ended: false }] }),
    on("post", "/cases/{id}/comments", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  const comments = await screen.findByRole("region", { name: /评论/ });
  expect(comments).toHaveTextContent(`@${ZHAO.name}`);
  expect(comments).toHaveTextContent(LIN.name);
  await user.type(within(comments).getByRole("textbox", { name: "评论" }), "请看@");
  const picker = await within(comments).findByRole("combobox", { name: "提到" });
  await user.click(picker);
  await user.click((await screen.findAllByTitle(HE.name)).at(-1)!);
  await user.click(within(comments).getByRole("button", { name: "发送" }));
  await waitFor(() => expect(sent?.body).toMatchObject({ text: "请看", mentions: [HE.id] }));
});
