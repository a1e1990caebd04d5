import antd from "antd/locale/en_US";

import { en as access } from "@/modules/access/words/en";
import { en as contacts } from "@/modules/contacts/words/en";
import { en as directory } from "@/modules/directory/words/en";
import { en as files } from "@/modules/files/words/en";
import { en as forms } from "@/modules/forms/words/en";
import { en as imports } from "@/modules/imports/words/en";
import { en as notify } from "@/modules/notify/words/en";
import { en as orders } from "@/modules/orders/words/en";
import { en as rulebook } from "@/modules/rulebook/words/en";
import { en as seats } from "@/modules/seats/words/en";
import { en as sample } from "@/modules/sample/words/en";
import { en as trace } from "@/modules/trace/words/en";
import { en as workflow } from "@/modules/workflow/words/en";
import { en as worktime } from "@/modules/worktime/words/en";
import { en as ui } from "@/ui/words/en";

import { en as app } from "./app.en";

export const words = { ...ui, ...app, ...access, ...contacts, ...directory, ...files, ...forms, ...imports, ...notify, ...orders, ...rulebook, ...sample, ...seats, ...trace, ...workflow, ...worktime };
export const library = antd;
