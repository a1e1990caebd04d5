export const zh = {
  "trace.for": "（代 {name}）",
  "trace.hide": "收起",
  "trace.none": "没有记录",
  "trace.none_hint": "这里按时间列出发生过的一切。",
  "trace.only_stream": "只看这一条链",
  "trace.sealed": "已封存",
  "trace.search": "按链筛选，如 workflow/case/…",
  "trace.show": "内容",
  "trace.system": "系统",
  "trace.trace": "留痕",
  "trace.unsealed": "待封存",
};
