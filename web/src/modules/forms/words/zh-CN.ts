export const zh = {
  "forms.afternoon": "下午",
  "forms.choose": "请选择",
  "forms.empty": "—",
  "forms.from": "从",
  "forms.half_day": "上下午",
  "forms.morning": "上午",
  "forms.time": "时间",
  "forms.to": "到",
  "forms.until": "至",
  "forms.working_days": "共 {n} 个工作日",
  "forms.working_hours": "共 {n} 工作小时",
};
