import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, HE, LIN, task, tasks, view, ZHAO, ZHOU } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

/** What the server keeps, as several windows see it. */
function shelves(begun: { phrases?: string[]; filters?: Schemas["SavedFilter"][]; version?: number } = {}) {
  const version = begun.version ?? 0;
  const kept = {
    own_phrases: { items: begun.phrases ?? [], most: 10, longest: 40, version },
    own_filters: { items: begun.filters ?? [], most: 12, longest: 20, version },
  };
  const puts: [string, string | null, unknown][] = [];
  const put = (name: keyof typeof kept) => ({ body, headers }: Asked) => {
    puts.push([name, headers.get("if-match"), body]);
    Object.assign(kept[name], body, { version: kept[name].version + 1 });
    return { ...kept[name] };
  };
  server.use(
    on("get", "/own_phrases", () => ({ ...kept.own_phrases })),
    on("get", "/own_filters", () => ({ ...kept.own_filters })),
    on("put", "/own_phrases", (asked) => put("own_phrases")(asked) as Schemas["OwnPhrases"]),
    on("put", "/own_filters", (asked) => put("own_filters")(asked) as Schemas["OwnFilters"]),
  );
  return { kept, puts };
}

const quick = () => screen.getByRole("group", { name: "常用语" });
const offered = () => within(quick()).getAllByRole("button", { name: /^填入/ }).map((button) => button.textContent);

// proves: FLOW-18 (in one tap)
test("a phrase fills an empty opinion and is added to one that was begun", async () => {
  const { user } = open(`/inbox/waiting/${CASE}`);
  const opinion = await screen.findByRole("textbox", { name: "意见" });
  expect(offered()).toEqual(["同意", "已阅", "请按规定办理", "情况属实", "请补充说明"]);
  await user.click(within(quick()).getByRole("button", { name: "填入“同意”" }));
  expect(opinion).toHaveValue("同意");
  await user.click(within(quick()).getByRole("button", { name: "填入“请按规定办理”" }));
  expect(opinion).toHaveValue("同意；请按规定办理");
});

test("what was said last is offered again, and one's own phrases, which the server keeps, stand first", async () => {
  const { puts } = shelves();
  server.use(on("post", "/tasks/{id}/approval", { id: CASE }));
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.type(await screen.findByRole("textbox", { name: "意见" }), "注意安全");
  await user.click(screen.getByRole("button", { name: "同意" }));
  await screen.findByText("已同意：请假申请 · 林晓");
  await waitFor(() => expect(offered()[0]).toBe("注意安全"));

  await user.click(within(quick()).getByRole("button", { name: "我的常用语" }));
  const dialog = await screen.findByRole("dialog", { name: "我的常用语" });
  await user.type(within(dialog).getByRole("textbox", { name: "新的常用语" }), "请周五前办结{Enter}");
  expect(await within(dialog).findByText("请周五前办结")).toBeInTheDocument();
  await expectAccessible();
  expect(offered().slice(0, 2)).toEqual(["请周五前办结", "注意安全"]);
  expect(puts).toEqual([["own_phrases", "0", { items: ["请周五前办结"] }]]);
  await user.click(within(dialog).getByRole("button", { name: "删除“请周五前办结”" }));
  await waitFor(() => expect(offered()[0]).toBe("注意安全"));
  expect(puts[1]).toEqual(["own_phrases", "1", { items: [] }]);
  expect(Object.keys(localStorage).filter((key) => key.includes("workflow.")).every((key) => key.startsWith(`hanlin.mine.${ZHOU.id}.`))).toBe(true);
});

// proves: FLOW-18
test("what was kept in this browser before goes to the server once, and what the server has counts", async () => {
  const place = (what: string) => `hanlin.mine.${ZHOU.id}.workflow.${what}`;
  localStorage.setItem(place("phrases"), JSON.stringify(["请周五前办结"]));
  localStorage.setItem(place("filters"), JSON.stringify([{ name: "报销", list: "waiting", filter: { q: "费用" } }]));
  const { puts } = shelves();
  open(`/inbox/waiting/${CASE}`);
  await waitFor(() => expect(offered()[0]).toBe("请周五前办结"));
  expect(await screen.findByRole("link", { name: "报销" })).toBeInTheDocument();
  expect(puts).toHaveLength(2);
  expect(puts).toContainEqual(["own_phrases", "0", { items: ["请周五前办结"] }]);
  expect(puts).toContainEqual(["own_filters", "0", { items: [{ name: "报销", list: "waiting", filter: { q: "费用" } }] }]);
  expect([localStorage.getItem(place("phrases")), localStorage.getItem(place("filters"))]).toEqual([null, null]);
});

test("where another device keeps some already, these are shown; and what it changed meanwhile is not overwritten", async () => {
  const { kept } = shelves({ phrases: ["已核对"], version: 4 });
  const { user } = open(`/inbox/waiting/${CASE}`);
  await waitFor(() => expect(offered()[0]).toBe("已核对"));
  await user.click(within(quick()).getByRole("button", { name: "我的常用语" }));
  const dialog = await screen.findByRole("dialog", { name: "我的常用语" });
  Object.assign(kept.own_phrases, { items: ["已核对", "请补充附件"], version: 5 });
  server.use(refuse("put", "/own_phrases", { status: 412, code: "stale" }));
  await user.click(within(dialog).getByRole("button", { name: "删除“已核对”" }));
  expect(await within(dialog).findByText("请补充附件")).toBeInTheDocument();
  expect(within(dialog).getByText("已核对")).toBeInTheDocument();
});

test("a filter gets a name, is applied from any list, and is deleted", async () => {
  const asked: string[] = [];
  const { puts } = shelves();
  server.use(
    on("get", "/tasks", ({ query }) => {
      asked.push(query.toString());
      return { items: tasks };
    }),
  );
  const { user, router } = open("/inbox/waiting");
  await screen.findAllByText("林晓");
  expect(screen.queryByRole("group", { name: "常用筛选" })).toBeNull();
  await user.selectOptions(screen.getByRole("combobox", { name: "流程" }), "费用报销");
  await user.click(await screen.findByRole("button", { name: "保存筛选" }));
  const dialog = await screen.findByRole("dialog", { name: "保存筛选" });
  await expectAccessible();
  await user.type(within(dialog).getByRole("textbox", { name: "名称" }), "报销{Enter}");
  const saved = await screen.findByRole("group", { name: "常用筛选" });
  expect(within(saved).getByRole("link", { name: "报销" })).toHaveAttribute("aria-current", "page");
  expect(within(saved).queryByRole("button", { name: "保存筛选" })).toBeNull();

  await user.click(screen.getByRole("link", { name: "已办" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/done"));
  await user.click(await screen.findByRole("link", { name: "报销" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/waiting"));
  expect(router.state.location.searchStr).toMatch(/^\?flow=\w+$/);
  await waitFor(() => expect(asked.at(-1)).toMatch(/flow=/));
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "删除筛选“报销”" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "报销" })).toBeNull());
  expect(puts.map(([, version]) => version)).toEqual(["0", "1"]);
});

test("what others did since the case was open last is told; one's own is not news", async () => {
  let now = view;
  server.use(on("get", "/cases/{id}", ({ params }) => ({ ...now, id: String(params.id) })));
  const first = open(`/cases/${CASE}`);
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  expect(screen.queryByText(/看过之后/)).toBeNull();
  await first.router.navigate({ to: "/notifications" });
  await waitFor(() => expect(screen.queryByRole("article")).toBeNull());

  const said = { node: "hr", node_name: null, on_behalf_of: null, attachments: [], mentions: [], can: [] };
  now = {
    ...view,
    values: { ...view.values, days: "2.0" },
    opinions: [
      ...view.opinions,
      { ...said, person: ZHAO.id, verdict: "taken_back", text: "", at: "2026-11-20T06:00:00Z", no: 3 },
      { ...said, node: null, person: HE.id, verdict: "commented", text: "请尽快", at: "2026-11-20T06:01:00Z", no: 4 },
      { ...said, node: null, person: ZHOU.id, verdict: "commented", text: "好", at: "2026-11-20T06:02:00Z", no: 5 },
    ],
  };
  await first.queries.invalidateQueries();
  await first.router.navigate({ to: "/cases/$id", params: { id: CASE } });
  const line = (await screen.findByText(/看过之后/)).parentElement;
  expect(line).toHaveTextContent("赵敏 取回；新评论 1 条；改动了天数");
  await expectAccessible();
});

// proves: FLOW-38
test("why me, who urged, and what comes next stand over the form, with names", async () => {
  server.use(
    on("get", "/cases/{id}", {
      ...view,
      urges: [{ person: LIN.id, at: "2026-11-20T05:00:00Z", channel: "inbox" }],
    }),
  );
  open(`/inbox/waiting/${CASE}`);
  const record = await screen.findByRole("article", { name: "请假申请 · 林晓" });
  expect(within(record).getByText(/林晓 催办/)).toBeInTheDocument();
  expect(within(record).getByText("接下来：").parentElement).toHaveTextContent("接下来： 总经理（孙启明）");
});

test("whoever waits sees whether those who have it have looked", async () => {
  const waiting = (seen: typeof view.seen) => ({ ...view, tasks: [], can: ["urge"], initiator: { ...view.initiator, person: ZHOU.id }, seen });
  const other = view.route.steps.map((step) => (step.node === "hr" ? { ...step, people: step.people.map((person) => ({ ...person, person: HE.id })) } : step));
  server.use(on("get", "/cases/{id}", { ...waiting([]), route: { steps: other } }));
  const { queries } = open(`/cases/${CASE}`);
  expect(await screen.findByText("还没看")).toBeInTheDocument();
  server.use(on("get", "/cases/{id}", { ...waiting([{ no: 2, seen_at: "2026-11-20T05:00:00Z" }]), route: { steps: other } }));
  await queries.invalidateQueries();
  expect(await screen.findByText(/已看$/)).toBeInTheDocument();
});

test("on a phone the next one is a tap away after a decision, and nothing is under the thumb at once", async () => {
  vi.spyOn(window, "matchMedia").mockImplementation((query) => ({
    matches: /max-width/.test(query),
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => true,
  }));
  let decided = false;
  server.use(
    on("get", "/tasks", () => ({ items: decided ? tasks.slice(1) : tasks })),
    on("get", "/cases/{id}", ({ params }) => ({ ...view, id: String(params.id), tasks: [{ ...task, id: `${String(params.id)}.2` }] })),
    on("post", "/tasks/{id}/approval", () => {
      decided = true;
      return { id: CASE };
    }),
  );
  const { user, router } = open(`/inbox/waiting/${CASE}`);
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  await user.click(screen.getByRole("button", { name: "同意" }));
  expect(await screen.findByRole("heading", { name: "已处理" })).toHaveFocus();
  expect(screen.queryByRole("article")).toBeNull();
  await expectAccessible();
  const next = screen.getByRole("button", { name: /下一件/ });
  expect(next).toHaveTextContent("何静费用报销");
  await user.click(next);
  await screen.findByRole("article");
  expect(router.state.location.pathname).toBe(`/inbox/waiting/${tasks[1]!.case_id}`);
});
