import { formatInstant } from "@/lib/time";
import { listed, t, text } from "@/lib/words";
import { Button, Chip, RowLine, type Tone } from "@/ui";

import type { AgencyView } from "../api";
import { categoryName } from "./categories";

const TONES: Record<AgencyView["standing"], Tone> = { ahead: "plain", in_force: "good", over: "plain" };

/** Who acts for whom, in what, from when to when, and by whose word. */
export function AgencyLine({ agency, onEnd }: { agency: AgencyView; onEnd: (() => void) | undefined }) {
  const names = { agent: agency.agent.name, principal: agency.principal.name };
  const what = [agency.may_decide && t("workflow.agency_decide"), agency.may_start && t("workflow.agency_start")].filter((each) => each !== false);
  const scope = [...agency.flow_names.map((name) => text(name)), ...(agency.scope.categories ?? []).map(categoryName)];
  return (
    <RowLine
      name={t("workflow.agency_line", names)}
      lines={[
        `${listed(what)} · ${scope.length > 0 ? listed(scope) : t("workflow.agency_everything")}`,
        t("workflow.agency_period", { from: formatInstant(agency.valid_from), to: formatInstant(agency.ended_at ?? agency.valid_to) }),
        [
          agency.given_by.id === agency.principal.id ? "" : t("workflow.agency_given_by", { name: agency.given_by.name }),
          agency.reason,
          agency.ended_by ? t("workflow.agency_ended_by", { name: agency.ended_by.name }) : "",
          agency.ended_because ?? "",
        ]
          .filter(Boolean)
          .join(" · "),
      ]}
    >
      <Chip tone={TONES[agency.standing]}>{t(`workflow.agency_is_${agency.standing}`)}</Chip>
      {onEnd && (
        <Button danger aria-label={t("workflow.agency_end_of", names)} onClick={onEnd}>
          {t("workflow.agency_end")}
        </Button>
      )}
    </RowLine>
  );
}
