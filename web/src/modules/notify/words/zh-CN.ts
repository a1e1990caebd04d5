export const zh = {
  "notify.all": "全部",
  "notify.all_read": "已全部标为已读",
  "notify.none": "没有消息",
  "notify.none_hint": "有新的待办、结果或评论时，会在这里告诉您。",
  "notify.none_unread": "没有未读消息",
  "notify.notifications": "消息",
  "notify.read_all": "全部标为已读",
  "notify.show": "显示",
  "notify.unread": "未读",
};
