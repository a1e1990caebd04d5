export const zh = {
  "files.add": "添加附件",
  "files.remove": "移除附件",
  "files.too_many": "最多 {max} 个附件",
};
