import antd from "antd/locale/zh_CN";

import { zh as access } from "@/modules/access/words/zh-CN";
import { zh as contacts } from "@/modules/contacts/words/zh-CN";
import { zh as directory } from "@/modules/directory/words/zh-CN";
import { zh as files } from "@/modules/files/words/zh-CN";
import { zh as forms } from "@/modules/forms/words/zh-CN";
import { zh as imports } from "@/modules/imports/words/zh-CN";
import { zh as notify } from "@/modules/notify/words/zh-CN";
import { zh as orders } from "@/modules/orders/words/zh-CN";
import { zh as rulebook } from "@/modules/rulebook/words/zh-CN";
import { zh as seats } from "@/modules/seats/words/zh-CN";
import { zh as sample } from "@/modules/sample/words/zh-CN";
import { zh as trace } from "@/modules/trace/words/zh-CN";
import { zh as workflow } from "@/modules/workflow/words/zh-CN";
import { zh as worktime } from "@/modules/worktime/words/zh-CN";
import { zh as ui } from "@/ui/words/zh-CN";

import { zh as app } from "./app.zh-CN";

export const words = { ...ui, ...app, ...access, ...contacts, ...directory, ...files, ...forms, ...imports, ...notify, ...orders, ...rulebook, ...sample, ...seats, ...trace, ...workflow, ...worktime };
export const library = antd;
