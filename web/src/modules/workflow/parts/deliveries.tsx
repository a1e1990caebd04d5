import { Link } from "@tanstack/react-router";

import { formatMoment } from "@/lib/time";
import { say, t } from "@/lib/words";
import { Chip, EmptyState, ErrorState, Panel, RowLine, Skeleton, type Tone } from "@/ui";

import { type Delivery, type Endpoint, useDeliveries } from "../endpoints-api";
import styles from "../pages/endpoints.module.css";

const TONES: Record<Delivery["state"], Tone> = { waiting: "plain", sent: "accent", answered: "good", failed: "warn" };

/** The latest requests to a system and what came of them. Never what was in them. */
export function DeliveriesPanel({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const { data, error, refetch } = useDeliveries(endpoint.id);
  return (
    <Panel title={t("workflow.endpoint_deliveries_of", { name: endpoint.name })} onClose={onClose}>
      {!data && (error ? <ErrorState error={error} retry={refetch} /> : <Skeleton />)}
      {data?.items.length === 0 && <EmptyState title={t("workflow.endpoint_not_sent")} />}
      {data?.items.map((each) => <Line key={each.id} endpoint={endpoint.name} delivery={each} />)}
    </Panel>
  );
}

function Line({ endpoint, delivery }: { endpoint: string; delivery: Delivery }) {
  const { state, status, tries, reason } = delivery;
  // Why it failed says these as well.
  const tried = [tries > 0 && t("workflow.endpoint_tries", { n: tries }), status && t("workflow.endpoint_status", { status })].filter(Boolean);
  return (
    <p className={styles.delivery}>
      <RowLine
        name={
          <>
            {formatMoment(delivery.created_at)}{" "}
            {delivery.case ? (
              <Link to="/cases/$id" params={{ id: delivery.case }}>
                {t("workflow.endpoint_case")}
              </Link>
            ) : (
              t("workflow.endpoint_trial")
            )}
          </>
        }
        lines={[reason ? say(reason, { endpoint, status, tries }) : tried.join(" · ")]}
      >
        <Chip tone={TONES[state]}>{t(`workflow.delivery_${state}`)}</Chip>
      </RowLine>
    </p>
  );
}
