import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { me } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const signedOut = () => refuse("get", "/session", { status: 401, code: "signed_out" });

test("whoever is not signed in comes to the door, and after it where he wanted to go", async () => {
  server.use(signedOut(), on("post", "/sessions", me));
  const { user, router } = open("/notifications");
  const login = await screen.findByLabelText("用户名");
  expect(router.state.location.searchStr).toBe("?next=%2Fnotifications");
  await expectAccessible();
  await user.type(login, "zhoulan");
  await user.type(screen.getByLabelText("口令"), "Fictional-1");
  server.use(on("get", "/session", me));
  await user.click(screen.getByRole("button", { name: "登录" }));
  expect(await screen.findByRole("heading", { name: "消息" })).toBeInTheDocument();
});

test("an address elsewhere is never followed after signing in", async () => {
  server.use(signedOut(), on("post", "/sessions", me));
  const { user, router } = open("/sign-in?next=//evil.example/");
  await user.type(await screen.findByLabelText("用户名"), "zhoulan");
  await user.type(screen.getByLabelText("口令"), "Fictional-1");
  server.use(on("get", "/session", me));
  await user.click(screen.getByRole("button", { name: "登录" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/waiting"));
});

test("before one signs in one chooses the language", async () => {
  server.use(signedOut());
  const { user } = open("/sign-in");
  await user.click(await screen.findByRole("button", { name: "English" }));
  expect(await screen.findByLabelText("User name")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "简体中文" }));
  expect(await screen.findByLabelText("用户名")).toBeInTheDocument();
});

test("a wrong password is said in words, without telling which part was wrong", async () => {
  server.use(signedOut(), refuse("post", "/sessions", { status: 401, code: "access.wrong_credentials" }));
  const { user } = open("/sign-in");
  await user.type(await screen.findByLabelText("用户名"), "zhoulan");
  await user.type(screen.getByLabelText("口令"), "nope{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("用户名或口令不对。");
});

// proves: ACC-07
test("with an initial password nothing opens but the page that changes it", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/session", { ...me, must_change_password: true }),
    on("post", "/password", (request) => {
      asked = request;
      return {};
    }),
  );
  const { user, router } = open("/inbox/waiting");
  expect(await screen.findByRole("heading", { name: "请先修改初始口令" })).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/password");
  await user.type(screen.getByLabelText("当前口令"), "initial");
  await user.type(screen.getByLabelText("新口令"), "Better-word-9");
  await user.type(screen.getByLabelText("再次输入新口令"), "Better-word-8");
  await user.click(screen.getByRole("button", { name: "修改口令" }));
  expect(await screen.findByText("两次输入的口令不一致")).toBeInTheDocument();
  expect(asked).toBeUndefined();
  await user.clear(screen.getByLabelText("再次输入新口令"));
  await user.type(screen.getByLabelText("再次输入新口令"), "Better-word-9");
  server.use(on("get", "/session", me));
  await user.click(screen.getByRole("button", { name: "修改口令" }));
  await waitFor(() => expect(asked?.body).toEqual({ current: "initial", new: "Better-word-9" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/waiting"));
});

// proves: ACC-08, ACC-10
test("what the rulebook has against a new password stands at its field", async () => {
  server.use(
    refuse("post", "/password", {
      status: 422,
      code: "invalid",
      fields: [{ field: "new", code: "access.password_too_short", args: { characters: 8 } }],
    }),
  );
  const { user } = open("/me/password");
  await user.type(await screen.findByLabelText("当前口令"), "old");
  await user.type(screen.getByLabelText("新口令"), "short");
  await user.type(screen.getByLabelText("再次输入新口令"), "short{Enter}");
  expect(await screen.findByText(/口令太短.至少 8 个字符/)).toBeInTheDocument();
});

test("the first start asks for the organisation and its administrator, once, behind the link", async () => {
  let asked: Asked | undefined;
  server.use(
    signedOut(),
    on("get", "/setup", { needed: true, sample: false }),
    on("post", "/setup", (request) => {
      asked = request;
      return me;
    }),
  );
  const { user, router } = open("/setup?token=once-only");
  await user.type(await screen.findByLabelText("单位名称"), "青禾集团");
  await user.type(screen.getByLabelText("您的姓名"), "周岚");
  await user.type(screen.getByLabelText("用户名"), "zhoulan");
  await user.type(screen.getByLabelText("口令"), "Better-word-9");
  server.use(on("get", "/session", me));
  await user.click(screen.getByRole("button", { name: "完成设置" }));
  await waitFor(() =>
    expect(asked?.body).toEqual({
      token: "once-only",
      organisation: "青禾集团",
      name: "周岚",
      login: "zhoulan",
      password: "Better-word-9",
    }),
  );
  await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/waiting"));
});

test("a system that was never set up leads from the door to its set-up", async () => {
  server.use(signedOut(), on("get", "/setup", { needed: true, sample: false }));
  open("/");
  expect(await screen.findByRole("heading", { name: "初始设置" })).toBeInTheDocument();
});

// proves: ACC-12
test("one's sessions are listed, and another one is ended", async () => {
  let ended: string | undefined;
  server.use(
    on("delete", "/sessions/{id}", ({ params }) => {
      ended = String(params.id);
      return undefined;
    }),
  );
  const { user } = open("/me/sessions");
  const section = await screen.findByRole("region", { name: "登录中的设备" });
  expect(within(section).getByText("本次登录")).toBeInTheDocument();
  await user.click(within(section).getByRole("button", { name: "结束 Android 上的登录" }));
  await waitFor(() => expect(ended).toBe("0s2"));
  expect(await screen.findByText("该登录已结束")).toBeInTheDocument();
});

// proves: ACC-17
test("one sees one's own sign-ins, failed ones with the reason", async () => {
  open("/me/sign_ins");
  expect(await screen.findByText("口令错误")).toBeInTheDocument();
  expect(screen.getByText(/10\.0\.0\.3/)).toBeInTheDocument();
});

test("the language changes everywhere without a reload, and is remembered by the server", async () => {
  let stored: Asked | undefined;
  server.use(
    on("put", "/session/locale", (asked) => {
      stored = asked;
      return me;
    }),
  );
  const { user } = open("/me");
  await user.click(await screen.findByRole("button", { name: "周岚 的账号菜单" }));
  await user.click(await screen.findByRole("menuitem", { name: "English" }));
  expect(await screen.findByRole("heading", { name: "Me" })).toBeInTheDocument();
  expect(screen.getByText("Sample data: people and organisations are fictional. Do not enter real business.")).toBeInTheDocument();
  expect(document.documentElement.lang).toBe("en");
  expect(screen.queryByText("我的任职")).toBeNull();
  await waitFor(() => expect(stored?.body).toEqual({ locale: "en" }));
});

test("dark and light are chosen and kept in this browser", async () => {
  const { user } = open("/me");
  await user.click(await screen.findByText("深色"));
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
  expect(localStorage.getItem("hanlin.theme")).toBe("dark");
});
