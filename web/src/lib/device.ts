/** Browsers by the mark they leave, the particular before the general: nearly all also call themselves Chrome and Safari. */
const BROWSERS: [mark: RegExp, name: string][] = [
  [/MicroMessenger\/(\d+)/, "WeChat"],
  [/DingTalk\/(\d+)/, "DingTalk"],
  [/Edg(?:e|A|iOS)?\/(\d+)/, "Edge"],
  [/QQBrowser\/(\d+)/, "QQ Browser"],
  [/OPR\/(\d+)/, "Opera"],
  [/(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari/, "Safari"],
];

const SYSTEMS: [mark: RegExp, name: string][] = [
  [/OpenHarmony|HarmonyOS/, "HarmonyOS"],
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/UOS|Deepin/i, "UOS"],
  [/Kylin/i, "Kylin"],
  [/Linux/, "Linux"],
];

/** Browser and system in the words people have for them; what nobody knows stays as it called itself. */
export function deviceName(agent: string): string {
  const [mark, browser] = BROWSERS.find(([mark]) => mark.test(agent)) ?? [];
  const system = SYSTEMS.find(([mark]) => mark.test(agent))?.[1];
  if (!mark || !browser || !system) return agent;
  return `${browser} ${mark.exec(agent)?.[1] ?? ""} · ${system}`;
}
