import { describe, expect, test } from "vitest";

import { capitalAmount, formatDecimal, formatMoney } from "./money";

describe("money in words", () => {
  test.each([
    ["0", "零元整"],
    ["0.00", "零元整"],
    ["0.05", "伍分"],
    ["0.50", "伍角整"],
    ["0.56", "伍角陆分"],
    ["1280.00", "壹仟贰佰捌拾元整"],
    ["1280.5", "壹仟贰佰捌拾元伍角整"],
    ["1280.05", "壹仟贰佰捌拾元零伍分"],
    ["10.01", "壹拾元零壹分"],
    ["100", "壹佰元整"],
    ["1001", "壹仟零壹元整"],
    ["1010", "壹仟零壹拾元整"],
    ["10000", "壹万元整"],
    ["10001", "壹万零壹元整"],
    ["10100", "壹万零壹佰元整"],
    ["100000000", "壹亿元整"],
    ["100100000", "壹亿零壹拾万元整"],
    ["100000001", "壹亿零壹元整"],
    ["107000.53", "壹拾万柒仟元伍角叁分"],
    ["16409.02", "壹万陆仟肆佰零玖元零贰分"],
    ["325.04", "叁佰贰拾伍元零肆分"],
    ["1234567890123.99", "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元玖角玖分"],
    ["-20", "负贰拾元整"],
    ["007.10", "柒元壹角整"],
  ])("%s is %s", (amount, spoken) => {
    expect(capitalAmount(amount)).toBe(spoken);
  });

  test.each(["", "abc", "1.234", "1e3", "1,280", "123456789012345678901"])("%s cannot be said", (amount) => {
    expect(capitalAmount(amount)).toBeNull();
  });
});

describe("money in figures", () => {
  test("groups thousands and keeps every digit", () => {
    expect(formatDecimal("12345678901234567890.123")).toBe("12,345,678,901,234,567,890.123");
    expect(formatDecimal("-1280.5", 2)).toBe("-1,280.50");
    expect(formatMoney("1280")).toBe("¥ 1,280.00");
    expect(formatMoney("9.9", "USD")).toBe("US$ 9.90");
  });

  test("shows what is no number as it is", () => {
    expect(formatDecimal("一千")).toBe("一千");
  });
});
