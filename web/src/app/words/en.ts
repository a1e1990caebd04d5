import antd from "antd/locale/en_US";

import { en as access } from "@/modules/access/words/en";
import { en as files } from "@/modules/files/words/en";
import { en as forms } from "@/modules/forms/words/en";
import { en as notify } from "@/modules/notify/words/en";
import { en as agencies } from "@/modules/workflow/words/agencies.en";
import { en as workflow } from "@/modules/workflow/words/en";
import { en as ui } from "@/ui/words/en";

import { en as app } from "./app.en";

/** What is needed before the first page stands. */
export const words = { ...ui, ...app, ...access, ...agencies, ...files, ...forms, ...notify, ...workflow };
export const library = antd;
