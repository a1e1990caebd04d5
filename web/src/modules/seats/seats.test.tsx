import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { LIN, ZHAO } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const leader: Schemas["SeatView"] = {
  id: "0s1",
  kind: "leader",
  person: ZHAO,
  post: "总经理",
  contact: "8001",
  valid_from: "2026-03-01T00:00:00Z",
  registered_by: LIN,
  registered_at: "2026-03-01T00:00:00Z",
};
const unit: Schemas["UnitSeats"] = {
  unit: "0g1",
  name: { zh: "青禾集团", en: "Qinghe" },
  kinds: [
    { kind: "leader", required: 1, vacant: 0, seats: [leader] },
    { kind: "administrator", required: 1, vacant: 1, vacant_since: "2026-05-01T00:00:00Z", required_by: "9.1", seats: [] },
    { kind: "operator", required: 1, vacant: 0, seats: [{ ...leader, id: "0s2", kind: "operator", person: LIN }] },
  ],
  can: ["name"],
};

function seats() {
  const asked: { vacant?: string | null; named?: Asked; ended?: unknown } = {};
  server.use(
    on("get", "/seats", ({ query }) => {
      asked.vacant = query.get("vacant");
      return { items: [unit] };
    }),
    on("get", "/units/{id}/seats", { ...unit, ever: [leader, { ...leader, id: "0s0", valid_to: "2026-03-01T00:00:00Z", ended_because: "left" }] }),
    on("post", "/units/{id}/seats", (request) => {
      asked.named = request;
      return { ...unit, ever: [] };
    }),
    on("post", "/seats/{id}/end", ({ params }) => {
      asked.ended = params.id;
      return { ...unit, ever: [] };
    }),
    on("get", "/people", { items: [{ ...LIN, ended: false }] }),
    on("get", "/people/{id}", {
      ...LIN,
      post: { zh: "工程师", en: "Engineer" },
      phone: "13900000001",
      ended: false,
      appointments: [],
      leads: [],
      groups: [],
      reporting_line: [],
      reports: [],
      can: [],
      version: 1,
    }),
  );
  return asked;
}

// proves: ORG-19 (only: vacant seats are listed with since when)
test("the list says which unit lacks what and since when, and shows only those on demand", async () => {
  const asked = seats();
  const { user } = open("/admin/seats");
  expect(await screen.findByText(/专职管理员（联络员）缺 1 名，/)).toBeInTheDocument();
  await expectAccessible();
  await user.selectOptions(screen.getByRole("combobox", { name: "席位" }), "vacant");
  await waitFor(() => expect(asked.vacant).toBe("true"));
});

// proves: ORG-19 (only: a change is registered with name, post and contact)
test("who follows is registered with name, post and contact, taken from his card", async () => {
  const asked = seats();
  const { user } = open("/admin/seats?place=0g1");
  const panel = await screen.findByRole("dialog");
  await user.click(await within(panel).findByRole("button", { name: "更换赵敏" }));
  expect(await screen.findByText("接替赵敏")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("combobox", { name: "姓名" }));
  await user.click(await screen.findByTitle("林晓"));
  await waitFor(() => expect(screen.getByLabelText("职务")).toHaveValue("工程师"));
  expect(screen.getByLabelText("联系方式")).toHaveValue("13900000001");
  await user.clear(screen.getByLabelText("职务"));
  await user.type(screen.getByLabelText("职务"), "副总经理");
  const form = screen.getByLabelText("职务").closest<HTMLElement>("[role=dialog]")!;
  await user.click(within(form).getByRole("button", { name: /登\s*记/ }));
  await waitFor(() =>
    expect(asked.named?.body).toEqual({ kind: "leader", person: LIN.id, post: "副总经理", contact: "13900000001", instead_of: "0s1" }),
  );
});

test("taking somebody off a seat is asked first", async () => {
  const asked = seats();
  const { user } = open("/admin/seats?place=0g1");
  await user.click(await screen.findByRole("button", { name: "免去林晓" }));
  const sure = await screen.findByText("免去林晓的席位？");
  await user.click(within(sure.closest<HTMLElement>("[role=dialog]")!).getByRole("button", { name: /免\s*去/ }));
  await waitFor(() => expect(asked.ended).toBe("0s2"));
});
