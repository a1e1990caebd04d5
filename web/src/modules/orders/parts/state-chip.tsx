import { t } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { OrderState } from "../api";

const TONES: Record<OrderState, Tone> = {
  draft: "plain",
  issued: "accent",
  applied: "warn",
  verified: "good",
  failed: "danger",
  withdrawn: "plain",
};

/** Where an order stands. */
export function StateChip({ state }: { state: OrderState }) {
  return <Chip tone={TONES[state]}>{t(`orders.state.${state}`)}</Chip>;
}
