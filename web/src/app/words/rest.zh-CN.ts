import { zh as contacts } from "@/modules/contacts/words/zh-CN";
import { zh as directory } from "@/modules/directory/words/zh-CN";
import { zh as imports } from "@/modules/imports/words/zh-CN";
import { zh as orders } from "@/modules/orders/words/zh-CN";
import { zh as rulebook } from "@/modules/rulebook/words/zh-CN";
import { zh as sample } from "@/modules/sample/words/zh-CN";
import { zh as seats } from "@/modules/seats/words/zh-CN";
import { zh as trace } from "@/modules/trace/words/zh-CN";
import { zh as cancelled } from "@/modules/workflow/words/cancelled.zh-CN";
import { zh as endpoints } from "@/modules/workflow/words/endpoints.zh-CN";
import { zh as worktime } from "@/modules/worktime/words/zh-CN";

/** The words of pages that are never the first: fetched once that one is on its way. */
export const words = { ...cancelled, ...contacts, ...directory, ...endpoints, ...imports, ...orders, ...rulebook, ...sample, ...seats, ...trace, ...worktime };
