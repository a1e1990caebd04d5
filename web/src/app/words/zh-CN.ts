import antd from "antd/locale/zh_CN";

import { zh as access } from "@/modules/access/words/zh-CN";
import { zh as files } from "@/modules/files/words/zh-CN";
import { zh as forms } from "@/modules/forms/words/zh-CN";
import { zh as notify } from "@/modules/notify/words/zh-CN";
import { zh as agencies } from "@/modules/workflow/words/agencies.zh-CN";
import { zh as workflow } from "@/modules/workflow/words/zh-CN";
import { zh as ui } from "@/ui/words/zh-CN";

import { zh as app } from "./app.zh-CN";

/** What is needed before the first page stands. */
export const words = { ...ui, ...app, ...access, ...agencies, ...files, ...forms, ...notify, ...workflow };
export const library = antd;
