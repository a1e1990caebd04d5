import { MePage } from "@/modules/access/pages/me";

import { useLanguage } from "./locale";

/** The profile page with the one thing that only the app can do: change the language of everything. */
export function Me() {
  const { change } = useLanguage();
  return <MePage onLocale={change} />;
}
