import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

import type { SampleState } from "./api";

const absent: SampleState = { loaded: false, people: 0, units: 0, departments: 0, flows: 0, cases: 0, guests: [], logins: [] };
const there: SampleState = {
  loaded: true,
  people: 154,
  units: 3,
  departments: 45,
  flows: 26,
  cases: 2,
  guests: ["周航"],
  logins: [{ login: "linxiao.sample", name: "林晓" }],
};

test("it is loaded with a password of the administrator's choice; a weak one is refused at its field", async () => {
  let asked: Asked | undefined;
  let state = absent;
  server.use(
    on("get", "/sample", () => state),
    refuse("post", "/sample/load", {
      status: 422,
      code: "invalid",
      fields: [{ field: "password", code: "access.password_common", args: {} }],
    }),
  );
  const { user } = open("/admin/sample");
  const password = await screen.findByLabelText("示例账号的口令");
  await expectAccessible();
  await user.type(password, "Qinglan-2026!");
  await user.click(screen.getByRole("button", { name: "装入示例集团" }));
  await waitFor(() => expect(password).toHaveAttribute("aria-invalid", "true"));
  server.use(
    on("post", "/sample/load", (request) => {
      asked = request;
      state = there;
      return { people: 154, accounts: 153, logins: there.logins };
    }),
  );
  await user.clear(password);
  await user.type(password, "Nine-Lamps-4471");
  await user.click(screen.getByRole("button", { name: "装入示例集团" }));
  const logins = await screen.findByRole("list", { name: "可用的账号" });
  expect(asked?.body).toEqual({ password: "Nine-Lamps-4471" });
  expect(within(logins).getByText("linxiao.sample")).toBeInTheDocument();
});

test("it is removed after a question that says what goes, and who loses something by it", async () => {
  let removed = 0;
  server.use(
    on("get", "/sample", () => (removed > 0 ? absent : there)),
    on("post", "/sample/removal", () => {
      removed += 1;
      return { counts: { people: 154, cases: 2 } };
    }),
  );
  const { user } = open("/admin/sample");
  expect(await screen.findByText(/周航 参与了示例集团的事项/)).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "移除示例集团" }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText(/154 人、2 个事项/)).toBeInTheDocument();
  expect(removed).toBe(0);
  await user.click(within(dialog).getByRole("button", { name: "移除示例集团" }));
  expect(await screen.findByLabelText("示例账号的口令")).toBeInTheDocument();
  expect(removed).toBe(1);
});
