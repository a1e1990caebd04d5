import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { LIN, me, ZHOU } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });
const permissions = ["access.manage", "access.grant", "access.review"];

const account: Schemas["AccountView"] = {
  id: "0acc",
  person: LIN,
  login: "linxiao",
  class: "business",
  must_change_password: false,
  sample: true,
  created_at: "2026-11-01T01:00:00Z",
  version: 3,
  can: ["read", "reset", "change", "lock", "unlock"],
};

const grant: Schemas["GrantView"] = {
  id: "0grant",
  what: { kind: "role", name: "0role" },
  role_name: text("部门管理员", "Department administrator"),
  subject: { kind: "person", id: LIN.id },
  subject_name: text("林晓", "林晓"),
  scope: "unit_and_below",
  place: { kind: "unit", id: "0g1" },
  place_name: text("青禾集团", "Qinghe Group"),
  reason: "岗位需要",
  valid_from: "2026-11-01T01:00:00Z",
  granted_by: ZHOU,
  can: ["end"],
};

const reach: Schemas["ReachView"] = { everything: false, own: true, units: [{ id: "0g1", name: text("青禾集团", "Qinghe Group") }], departments: [] };

const role: Schemas["RoleView"] = {
  id: "0role",
  code: "auditor",
  name: text("审计员", "Auditor"),
  permissions: ["access.review"],
  built_in: false,
  version: 2,
  can: ["change", "end"],
};

function signedInAs(...held: string[]) {
  server.use(
    on("get", "/session", { ...me, permissions: held }),
    on("get", "/accounts", { items: [account] }),
    on("get", "/accounts/{id}", account),
    on("get", "/people/{id}/permissions", [{ permission: "access.manage", reach, because: [{ ...grant, reach }] }]),
    on("get", "/grants", [grant]),
    on("get", "/roles", [role]),
    on("get", "/permissions", permissions),
  );
}

// proves: PERM-17
test("an account shows how it stands, and what its owner may with the grant that is the reason", async () => {
  signedInAs(...permissions);
  const { user } = open("/admin/accounts");
  await user.click(await screen.findByRole("button", { name: /linxiao/ }));
  const panel = await screen.findByRole("dialog");
  const rights = await within(panel).findByRole("list", { name: "能做什么，为什么" });
  await user.click(within(rights).getByText("管理账号"));
  expect(rights).toHaveTextContent("林晓 · 部门管理员 · 青禾集团：本单位及下级");
  expect(rights).toHaveTextContent("周岚 授予");
  expect(rights).toHaveTextContent("理由：岗位需要");
  await expectAccessible();
});

// proves: ACC-12
test("a reset is asked for, and the one-time password is shown once", async () => {
  signedInAs(...permissions);
  server.use(on("post", "/accounts/{id}/password_reset", { ...account, one_time_password: "Once-Only-77" }));
  const { user } = open("/admin/accounts?account=0acc");
  await user.click(await screen.findByRole("button", { name: "重置口令" }));
  const title = await screen.findByText("重置 林晓 的口令？");
  const question = title.closest<HTMLElement>("[role=dialog]") ?? title;
  await user.click(within(question).getByRole("button", { name: "重置口令" }));
  expect(await screen.findByTestId("one-time-password")).toHaveTextContent("Once-Only-77");
  await user.click(screen.getByRole("button", { name: "已记下" }));
  await waitFor(() => expect(screen.queryByText("Once-Only-77")).toBeNull());
});

// proves: PERM-03
test("a right is withdrawn only after it was asked whether to", async () => {
  signedInAs(...permissions);
  let ended: string | undefined;
  server.use(on("delete", "/grants/{id}", ({ params }) => void (ended = String(params.id))));
  const { user } = open("/admin/grants");
  const list = await screen.findByRole("list", { name: "授权" });
  expect(list).toHaveTextContent("林晓 · 部门管理员");
  await expectAccessible();
  await user.click(within(list).getByRole("button", { name: "撤销 林晓 的 部门管理员" }));
  const question = await screen.findByRole("dialog", { name: "撤销 林晓 的“部门管理员”？" });
  expect(ended).toBeUndefined();
  await user.click(within(question).getByRole("button", { name: "撤销" }));
  await waitFor(() => expect(ended).toBe("0grant"));
});

// proves: PERM-01
test("a role is changed in words, on the version that was read", async () => {
  signedInAs(...permissions);
  let asked: Asked | undefined;
  server.use(
    on("put", "/roles/{id}", (request) => {
      asked = request;
      return role;
    }),
  );
  const { user } = open("/admin/roles");
  expect(await screen.findByRole("list", { name: "角色" })).toHaveTextContent("查看登录日志和他人权限");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: /审计员/ }));
  const panel = await screen.findByRole("dialog");
  await user.click(await within(panel).findByRole("checkbox", { name: "管理账号" }));
  await user.click(within(panel).getByRole("button", { name: "保存" }));
  await waitFor(() => expect(asked?.headers.get("If-Match")).toBe("2"));
  expect(asked?.body).toMatchObject({ permissions: expect.arrayContaining(["access.review", "access.manage"]) as string[] });
});

// proves: ACC-17
test("an overdue review says so, and what was found is recorded for the period that was shown", async () => {
  signedInAs(...permissions);
  let asked: Asked | undefined;
  const standing: Schemas["SignInReviewStanding"] = {
    places: [{}],
    every_days: 30,
    period_from: "2026-10-01T00:00:00Z",
    period_to: "2026-11-20T05:00:00Z",
    due_at: "2026-10-31T00:00:00Z",
    overdue: true,
    sign_ins: 40,
    abnormal: 1,
    findings: [
      { at: "2026-11-19T01:00:00Z", login: "linxiao", person: LIN, succeeded: false, result: "wrong_password", address: "10.0.0.9", device: "Firefox", rules: ["many_failures"], times: 6 },
    ],
    reviews: [],
  };
  server.use(
    on("get", "/sign_in_review", standing),
    on("post", "/sign_in_reviews", (request) => {
      asked = request;
      return { ...standing, overdue: false, findings: [] };
    }),
  );
  const { user } = open("/admin/sign-ins");
  expect(await screen.findByText(/复核已逾期/)).toBeInTheDocument();
  expect(screen.getByText(/林晓 · 一天内失败多次/)).toBeInTheDocument();
  await expectAccessible();
  await user.type(screen.getByLabelText("复核结果与处理"), "本人忘记口令");
  await user.click(screen.getByRole("button", { name: "记录复核" }));
  await waitFor(() =>
    expect(asked?.body).toEqual({ period_from: standing.period_from, period_to: standing.period_to, findings: "本人忘记口令" }),
  );
});

// proves: PERM-02
test("who manages nothing has no such places in the menu", async () => {
  signedInAs("directory.read");
  open("/people");
  await screen.findByRole("list", { name: "人员" });
  expect(screen.queryByRole("link", { name: "角色授权" })).toBeNull();
  expect(screen.queryByRole("link", { name: "登录复核" })).toBeNull();
});
