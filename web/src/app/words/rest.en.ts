import { en as contacts } from "@/modules/contacts/words/en";
import { en as directory } from "@/modules/directory/words/en";
import { en as imports } from "@/modules/imports/words/en";
import { en as orders } from "@/modules/orders/words/en";
import { en as rulebook } from "@/modules/rulebook/words/en";
import { en as sample } from "@/modules/sample/words/en";
import { en as seats } from "@/modules/seats/words/en";
import { en as trace } from "@/modules/trace/words/en";
import { en as cancelled } from "@/modules/workflow/words/cancelled.en";
import { en as endpoints } from "@/modules/workflow/words/endpoints.en";
import { en as worktime } from "@/modules/worktime/words/en";

/** The words of pages that are never the first: fetched once that one is on its way. */
export const words = { ...cancelled, ...contacts, ...directory, ...endpoints, ...imports, ...orders, ...rulebook, ...sample, ...seats, ...trace, ...worktime };
