import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { useMe } from "@/modules/access/api";
import { Button, Chip, listOf, ListPage, RowWords } from "@/ui";

import { type OrderRow, useOrders } from "../api";
import { NewOrder } from "../parts/order-form";
import { StateChip } from "../parts/state-chip";

/** 组织调整令: what personnel ordered, where each stands, and what still waits to be checked. */
export function OrdersPage() {
  const list = listOf(useOrders());
  const navigate = useNavigate();
  const permissions = useMe()?.permissions ?? [];
  const [drafting, setDrafting] = useState(false);
  return (
    <>
      <ListPage<OrderRow>
        title={t("orders.orders")}
        label={t("orders.orders")}
        tools={
          <>
            {permissions.includes("orders.hand_over") && (
              <Button onClick={() => void navigate({ to: "/admin/hand-over" })}>{t("orders.hand_over")}</Button>
            )}
            {permissions.includes("orders.issue") && (
              <Button type="primary" onClick={() => setDrafting(true)}>
                {t("orders.new")}
              </Button>
            )}
          </>
        }
        list={list}
        rowKey={(order) => order.id}
        row={(order) => (
          <RowWords name={text(order.title)}>
            <StateChip state={order.state} />
            {order.awaits_review && <Chip tone="warn">{t("orders.awaits_review")}</Chip>}
            {order.is_returned && <Chip tone="danger">{t("orders.is_returned")}</Chip>}
            {order.overdue && <Chip tone="danger">{t("orders.overdue")}</Chip>}
            {order.open_items > 0 && <Chip tone="warn">{t("orders.items_open", { n: order.open_items })}</Chip>}
            <span>{t("orders.number_of_changes", { n: order.changes })}</span>
            <span>{text(order.unit_name)}</span>
            {order.effective_at && <time dateTime={order.effective_at}>{formatMoment(order.effective_at)}</time>}
          </RowWords>
        )}
        onOpen={(order) => void navigate({ to: "/admin/orders/$id", params: { id: order.id } })}
        empty={{ title: t("orders.none"), hint: t("orders.hint") }}
      />
      {drafting && <NewOrder onClose={() => setDrafting(false)} />}
    </>
  );
}
