import { expect, test } from "vitest";

import { deviceName } from "./device";

const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/131.0.0.0 Safari/537.36`, "Chrome 131 · Windows"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`, "Edge 131 · Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128 · Linux"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari 17 · iPhone"],
  [`Mozilla/5.0 (Linux; Android 14; Pixel 8) ${KIT} Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47`, "WeChat 8 · Android"],
])("%s is called %s", (agent, name) => {
  expect(deviceName(agent)).toBe(name);
});

test("what is no browser that we know keeps the name it gave itself", () => {
  expect(deviceName("curl/8.5.0")).toBe("curl/8.5.0");
  expect(deviceName("Chrome · Windows")).toBe("Chrome · Windows");
  expect(deviceName("")).toBe("");
});
