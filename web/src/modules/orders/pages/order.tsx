import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";

import { can } from "@/lib/can";
import { formatInstant } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { ActionButton, Alert, Button, Checkbox, Chip, ErrorState, Facts, Icon, RecordPage, Section, Skeleton, useConfirm } from "@/ui";
import { DateField, TimeField } from "@/ui/date";

import {
  type OrderChange, type OrderPreview, type OrderView, useCounterOrder, useIssue, useOrder, usePreview, useReview, useSaveOrder,
  useTick, useVerify, useWithdrawOrder,
} from "../api";
import { ChangeForm } from "../parts/change-form";
import { EditOrder } from "../parts/order-form";
import { Item, Preview } from "../parts/preview";
import { ReturnForm } from "../parts/return-form";
import { StateChip } from "../parts/state-chip";
import styles from "./order.module.css";

/** One order: its changes, what would come of them, where it stands, and what still waits to be checked. */
export function OrderPage() {
  const { id } = useParams({ strict: false });
  const order = useOrder(id ?? "");
  if (order.error && !order.data) return <ErrorState error={order.error} retry={order.refetch} />;
  return order.data ? <Order key={order.data.id} order={order.data} /> : <Skeleton rows={8} />;
}

function Order({ order }: { order: OrderView }) {
  const navigate = useNavigate();
  const confirm = useConfirm();
  const preview = usePreview(order);
  const [seen, setSeen] = useState<OrderPreview>();
  const [editing, setEditing] = useState(false);
  const [returning, setReturning] = useState(false);
  const issue = useIssue(order, t("orders.issued"));
  const review = useReview(order, t("orders.review_done"));
  const withdraw = useWithdrawOrder(order, t("orders.withdrawn"));
  const verify = useVerify(order, t("orders.verified"));
  const counter = useCounterOrder(order, (made) => void navigate({ to: "/admin/orders/$id", params: { id: made.id } }));
  const effective = order.content.effective_at ? formatInstant(order.content.effective_at) : t("orders.at_once");
  const look = async () => {
    const came = await preview.run(undefined);
    if (came?.ok) setSeen(came.data);
  };
  const ask = async () => {
    const yes = await confirm({ title: t("orders.issue"), body: t("orders.issue_question", { time: effective }), yes: t("orders.issue") });
    if (yes) await issue.run(undefined);
  };
  const giveUp = async () => {
    const yes = await confirm({ title: t("orders.withdraw"), body: t("orders.withdraw_question"), yes: t("orders.withdraw"), danger: true });
    if (yes) await withdraw.run(undefined);
  };
  return (
    <RecordPage
      title={text(order.title)}
      marks={
        <>
          <StateChip state={order.state} /> {order.awaits_review && <Chip tone="warn">{t("orders.awaits_review")}</Chip>}{" "}
          {order.is_returned && <Chip tone="danger">{t("orders.is_returned")}</Chip>}{" "}
          {order.overdue && <Chip tone="danger">{t("orders.overdue")}</Chip>}
        </>
      }
      meta={t("orders.created", { name: order.created_by.name, time: formatInstant(order.created_at) })}
      onBack={() => void navigate({ to: "/admin/orders" })}
      tools={can(order, "update") && <Button onClick={() => setEditing(true)}>{t("orders.edit")}</Button>}
      actions={
        <div className={styles.actions}>
          {can(order, "preview") && (
            <Button onClick={() => void look()} loading={preview.pending} disabled={order.changes === 0}>
              {t("orders.preview")}
            </Button>
          )}
          {order.awaits_review && can(order, "review") && (
            <ActionButton type="primary" action={review} label={t("orders.review")} input={undefined} />
          )}
          {order.awaits_review && can(order, "return") && <Button onClick={() => setReturning(true)}>{t("orders.return")}</Button>}
          {can(order, "issue") && (
            <Button
              type={order.awaits_review ? "default" : "primary"}
              onClick={() => void ask()}
              loading={issue.pending}
              disabled={order.changes === 0 || order.awaits_review}
            >
              {t("orders.issue")}
            </Button>
          )}
          {can(order, "verify") && <ActionButton type="primary" action={verify} label={t("orders.verify")} input={undefined} />}
          {can(order, "counter") && (
            <ActionButton action={counter} label={t("orders.counter")} input={t("orders.counter_title", { title: text(order.title) }).slice(0, 200)} />
          )}
          {can(order, "withdraw") && (
            <Button danger onClick={() => void giveUp()} loading={withdraw.pending}>
              {t("orders.withdraw")}
            </Button>
          )}
          {/* Why it cannot be issued yet. */}
          {order.awaits_review && can(order, "issue") && <span className={styles.hint}>{t("orders.review_hint")}</span>}
        </div>
      }
    >
      {order.returned && (
        <Alert
          className={styles.warns ?? ""}
          type={order.is_returned ? "warning" : "info"}
          showIcon
          title={t("orders.returned_by", { name: order.returned.by.name, time: formatInstant(order.returned.at), reason: order.returned.reason })}
          {...(order.returned.answered_at
            ? { description: t("orders.returned_answered", { time: formatInstant(order.returned.answered_at) }) }
            : {})}
        />
      )}
      {order.origin?.revoked && order.state !== "withdrawn" && <Alert className={styles.warns ?? ""} type="warning" showIcon title={t("orders.origin_revoked")} />}
      {order.problem && (
        <Alert
          className={styles.warns ?? ""}
          type="error"
          showIcon
          title={`${t("orders.preview_problem", { n: order.problem.change + 1 })} ${say(order.problem.code, order.problem.args)}`}
        />
      )}
      <Section title={t("orders.facts")}>
        <Facts items={facts(order, effective)} />
      </Section>
      <Changes order={order} />
      {/* A preview of what the order was before it was changed again would be believed. */}
      {seen?.version === order.version && <Preview seen={seen} />}
      {order.checklist.length > 0 && <Checklist order={order} />}
      {returning && <ReturnForm order={order} onClose={() => setReturning(false)} />}
      {editing && <EditOrder order={order} onClose={() => setEditing(false)} />}
    </RecordPage>
  );
}

function facts(order: OrderView, effective: string): [string, ReactNode][] {
  const said = (name: string | undefined, time: string | null | undefined, word: "orders.issued_by" | "orders.reviewed_by" | "orders.verified_by") =>
    name && time ? t(word, { name, time: formatInstant(time) }) : undefined;
  const due = order.due_at && order.state !== "withdrawn" ? t("orders.due", { time: formatInstant(order.due_at) }) : undefined;
  const lines: [string, ReactNode][] = [
    [t("orders.unit"), text(order.unit_name)],
    [t("orders.basis"), order.content.basis],
    [t("orders.category"), t(`orders.category.${order.class}`)],
    [
      t("orders.counter_of"),
      order.counter_of && (
        <Link to="/admin/orders/$id" params={{ id: order.counter_of }}>
          {t("orders.counter_of_open")}
        </Link>
      ),
    ],
    [
      t("orders.origin"),
      order.origin && <Origin origin={order.origin} />,
    ],
    [t("orders.effective"), order.applied_at ? formatInstant(order.applied_at) : effective],
    [t("orders.review"), said(order.reviewed_by?.name, order.reviewed_at, "orders.reviewed_by")
      ?? (order.awaits_review ? t("orders.review_hint") : undefined)],
    [t("orders.issued"), said(order.issued_by?.name, order.issued_at, "orders.issued_by")],
    [t("orders.verify"), said(order.verified_by?.name, order.verified_at, "orders.verified_by") ?? due],
  ];
  return lines.filter(([, value]) => Boolean(value));
}

/** The case that opened it, by name; a link where the reader may open it. */
function Origin({ origin: { case: id, number, title, may_open: opens } }: { origin: NonNullable<OrderView["origin"]> }) {
  const name = title ? `${text(title)} · ${number}` : number;
  return opens ? (
    <Link to="/cases/$id" params={{ id }}>
      {name}
    </Link>
  ) : (
    name
  );
}

function Changes({ order }: { order: OrderView }) {
  const save = useSaveOrder(order, t("orders.saved"));
  const [adding, setAdding] = useState(false);
  const editable = can(order, "update");
  const keep = (changes: OrderChange[]) => save.run({ ...order.content, changes });
  return (
    <Section title={t("orders.changes")} tools={editable && <Button onClick={() => setAdding(true)}>{t("orders.add_change")}</Button>}>
      <div className={styles.inset}>
        {order.lines.length === 0 && <p className={styles.hint}>{t("orders.no_changes")}</p>}
      <ol className={styles.lines}>
        {order.lines.map((line, at) => (
          <li key={at}>
            <span>{say(line.code, line.args)}</span>
            {editable && (
              <Button
                type="text"
                aria-label={t("orders.remove_change")}
                icon={<Icon name="cross" size={14} />}
                onClick={() => void keep(order.content.changes.filter((_, index) => index !== at))}
              />
            )}
          </li>
        ))}
      </ol>
      {editable && <Effective order={order} />}
      </div>
      {adding && (
        <ChangeForm
          known={order.content.changes}
          onClose={() => setAdding(false)}
          onAdd={(change) => {
            setAdding(false);
            void keep([...order.content.changes, change]);
          }}
        />
      )}
    </Section>
  );
}

/** When it takes effect, to the minute of this device's clock. */
function Effective({ order }: { order: OrderView }) {
  const save = useSaveOrder(order, t("orders.saved"));
  const at = order.content.effective_at ? local(order.content.effective_at) : undefined;
  const keep = (date: string | undefined, time: string) => {
    const { title, basis, class: category, changes } = order.content;
    const at = date ? { effective_at: new Date(`${date}T${time}`).toISOString() } : {};
    void save.run({ title, ...(basis ? { basis } : {}), ...(category ? { class: category } : {}), changes, ...at });
  };
  return (
    <div className={styles.effective}>
      <span id="orders-effective">{t("orders.effective")}</span>
      <div className={styles.when} role="group" aria-labelledby="orders-effective">
        <DateField value={at?.date} aria-label={t("orders.effective")} onChange={(date) => keep(date, at?.time ?? "00:00")} />
        {at && <TimeField value={at.time} aria-label={t("orders.effective")} onChange={(time) => keep(at.date, time ?? "00:00")} />}
      </div>
      <p className={styles.hint}>{t("orders.effective_hint")}</p>
      {order.content.effective_at && new Date(order.content.effective_at) < new Date() && (
        <Alert type="warning" showIcon title={say("orders.effective_in_the_past")} />
      )}
    </div>
  );
}

function local(instant: string): { date: string; time: string } {
  const at = new Date(instant);
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/** What hangs on it; what needs attention is ticked before it counts as verified. */
function Checklist({ order }: { order: OrderView }) {
  const tick = useTick(order);
  const may = can(order, "tick");
  return (
    <Section title={t("orders.checklist")} hint={order.open_items > 0 ? t("orders.items_open", { n: order.open_items }) : undefined}>
      <ul className={`${styles.lines} ${styles.inset}`}>
        {order.checklist.map((item) => (
          <li key={item.key}>
            {item.attention ? (
              <Checkbox
                checked={Boolean(item.ticked_by)}
                disabled={!may || tick.pending}
                onChange={(event) => void tick.run({ item: item.key, ticked: event.target.checked })}
              >
                <Item item={item} />{" "}
                {item.ticked_by_name && <span className={styles.hint}>{t("orders.ticked_by", { name: item.ticked_by_name.name })}</span>}
              </Checkbox>
            ) : (
              <Item item={item} />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
