import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { LIN } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });

// proves: ORG-22 (only: one's own page says what is missing), UNIT-05
test("my own page says what is missing and by which rule, and sends only what I changed", async () => {
  let asked: Asked | undefined;
  server.use(
    on("patch", "/people/{id}", (request) => {
      asked = request;
      return { ...LIN, ended: false, appointments: [], leads: [], groups: [], reporting_line: [], reports: [], can: [], version: 5 };
    }),
  );
  const { user } = open("/me");
  expect(await screen.findByText("还缺：单位邮箱")).toBeInTheDocument();
  expect(screen.getByText("依据：青禾集团 第五条")).toBeInTheDocument();
  await expectAccessible();
  await user.type(screen.getByLabelText(/单位邮箱/), "zhou@example.cn");
  await user.click(screen.getByRole("button", { name: "保存" }));
  await waitFor(() => expect(asked?.body).toEqual({ email: "zhou@example.cn" }));
  expect(asked?.headers.get("if-match")).toBe("4");
});

// proves: ORG-07 (only: a number that somebody has is refused in words)
test("what the server has against a number or a mailbox stands at its field", async () => {
  server.use(refuse("patch", "/people/{id}", { status: 409, code: "directory.mobile_taken", args: { mobile: "13900000000" } }));
  const { user } = open("/me");
  const mobile = await screen.findByLabelText(/手机/);
  await user.clear(mobile);
  await user.type(mobile, "13900000000");
  await user.click(screen.getByRole("button", { name: "保存" }));
  expect(await screen.findByText(/手机号 13900000000 已属于另一人/)).toBeInTheDocument();
  server.use(
    refuse("patch", "/people/{id}", {
      status: 422,
      code: "invalid",
      fields: [{ field: "email", code: "rulebook.foreign_mailbox", args: { domains: "example.cn" } }],
    }),
  );
  await user.type(screen.getByLabelText(/单位邮箱/), "zhou@elsewhere.cn");
  await user.click(screen.getByRole("button", { name: "保存" }));
  expect(await screen.findByText("请填写本单位邮箱，允许的域名：example.cn。")).toBeInTheDocument();
});

// proves: ORG-22 (only: completeness is seen and chased with one click)
test("an administrator sees which departments lack what, and asks them with one click", async () => {
  let asked: Asked | undefined;
  const place = { kind: "department" as const, id: "0d1" };
  server.use(
    on("get", "/completeness", {
      people: 30,
      complete: 29,
      percent: 96,
      places: [{ place, name: text("技术部", "Engineering"), unit: text("青禾集团", "Qinghe Group"), people: 4, complete: 3, percent: 75 }],
    }),
    on("get", "/completeness/people", {
      items: [{ ...LIN, place, place_name: text("技术部", "Engineering"), missing: ["office_phone"], asked_at: "2026-11-20T01:00:00Z" }],
    }),
    on("post", "/completeness/chases", (request) => {
      asked = request;
      return { told: 1, already: 2 };
    }),
  );
  const { user } = open("/admin/completeness");
  expect(await screen.findByText("30 人中 29 人齐全", { selector: "p" })).toBeInTheDocument();
  const lacking = await screen.findByRole("list", { name: "资料不全的人员" });
  expect(within(lacking).getByText("办公电话")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: /技术部/ }));
  await user.click(screen.getByRole("button", { name: "提醒资料不全的人员" }));
  await waitFor(() => expect(asked?.body).toEqual({ place }));
  expect(await screen.findByText(/已提醒 1 人/)).toBeInTheDocument();
});
