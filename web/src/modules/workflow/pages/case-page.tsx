import { useParams, useRouter } from "@tanstack/react-router";

import { CaseRecord } from "./case";

/** A case by its address: from a notification, a search, a link someone sent. */
export function CasePage() {
  const { id = "" } = useParams({ strict: false });
  const router = useRouter();
  return <CaseRecord id={id} onBack={() => router.history.back()} />;
}
