import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const UNIT = { id: "0g1", kind: "unit", name: { zh: "青禾集团", en: "Qinghe" }, children: [] } as unknown as Schemas["UnitNode"];

const changes: Schemas["PresetChange"][] = [
  {
    kind: "added",
    number: "001-D 二.1",
    text: { zh: "口令每季度更换。" },
    after: { mode: "block", parameters: { "password.expires_days": 90 } },
  },
  {
    kind: "ends",
    number: "12",
    text: { zh: "口令每年更换。" },
    before: { mode: "warn", parameters: { "password.expires_days": 365 } },
  },
];

// proves: RULE-21 (the part that a set is chosen, looked at and loaded)
test("a preset is chosen, what it would change is shown, and it is loaded", async () => {
  let previewed: Asked | undefined;
  let loaded: Asked | undefined;
  server.use(
    on("get", "/clauses", { items: [] }),
    on("get", "/parameters", []),
    on("get", "/units", { items: [UNIT] }),
    on("get", "/rulebook_presets", [{ name: "001-D", title: { zh: "口令管理办法", en: "Passwords" }, clauses: [] }]),
    on("post", "/rulebook_presets/{name}/preview", (request) => {
      previewed = request;
      return changes;
    }),
    on("post", "/rulebook_presets/{name}/load", (request) => {
      loaded = request;
      return { added: 1, changed: 1 };
    }),
  );
  const { user } = open("/admin/clauses");
  await user.click(await screen.findByRole("button", { name: "载入预设" }));
  const panel = await screen.findByRole("dialog");
  await user.click(within(panel).getByRole("combobox", { name: "预设" }));
  await expectAccessible();
  await user.click(await screen.findByTitle("001-D · 口令管理办法"));
  const list = await within(panel).findByRole("list", { name: "将有的变化" });
  expect(previewed?.body).toEqual({ unit: "0g1" });
  expect(within(list).getByText("口令每季度更换。")).toBeInTheDocument();
  expect(within(list).getByText("失效")).toBeInTheDocument();
  expect(within(list).getByText("365").tagName).toBe("DEL");
  expect(loaded).toBeUndefined();
  await expectAccessible();
  await user.click(within(panel).getByRole("button", { name: "载入（2 处变化）" }));
  await waitFor(() => expect(loaded?.params.name).toBe("001-D"));
  expect(loaded?.body).toEqual({ unit: "0g1" });
});
