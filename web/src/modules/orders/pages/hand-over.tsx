import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { formatMoment } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { Alert, Button, ErrorState, Form, Input, Page, Section, Skeleton } from "@/ui";

import { useHandOverAll, useHoldings } from "../api";
import styles from "./order.module.css";

/** 事项交接: everything that waits at somebody, given to another in one action. */
export function HandOverPage() {
  const { person } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Page title={t("orders.hand_over")}>
      <Section title={t("orders.hand_over_person")} hint={t("orders.hand_over_hint")}>
        <div className={styles.inset}>
        <PersonPicker
          aria-label={t("orders.hand_over_person")}
          multiple={false}
          value={person ? [person] : []}
          onChange={([chosen]) => void navigate({ to: "/admin/hand-over", search: chosen ? { person: chosen } : {}, replace: true })}
        />
        </div>
      </Section>
      {person && <Held key={person} person={person} />}
    </Page>
  );
}

function Held({ person }: { person: string }) {
  const held = useHoldings(person);
  const give = useHandOverAll(person);
  const [form] = Form.useForm<{ successor: string[]; reason: string }>();
  const [came, setCame] = useState<Awaited<ReturnType<typeof give.run>>>();
  if (held.error && !held.data) return <ErrorState error={held.error} retry={held.refetch} />;
  if (!held.data) return <Skeleton rows={5} />;
  const { tasks, running, drafts } = held.data;
  return (
    <>
      {came?.ok && (
        <Alert
          type={came.data.left.length > 0 ? "warning" : "success"}
          showIcon
          title={t("orders.hand_over_done", { n: came.data.handed_over })}
          description={
            came.data.left.length > 0 && (
              <>
                <p>{t("orders.hand_over_left")}</p>
                <ul>
                  {came.data.left.map((left) => (
                    <li key={left.task}>
                      {text(left.title)}
                      {t("ui.colon")}
                      {say(left.code)}
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        />
      )}
      <Section title={held.data.person.name} hint={t("orders.hand_over_others", { running, drafts })}>
        {tasks.length === 0 ? (
          <p className={`${styles.hint} ${styles.inset}`}>{t("orders.hand_over_nothing")}</p>
        ) : (
          <ul className={`${styles.lines} ${styles.inset}`}>
            {tasks.map((task) => (
              <li key={task.id}>
                <span>
                  {text(task.title)} · {text(task.node)}{" "}
                  <span className={styles.hint}>
                    {task.number} {task.since && formatMoment(task.since)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {tasks.length > 0 && (
        <Section title={t("orders.hand_over_run")}>
          <Form
            form={form}
            className={styles.inset ?? ""}
            layout="vertical"
            requiredMark={false}
            onFinish={({ successor, reason }) => void give.run({ successor: successor[0] ?? "", reason: reason.trim() }).then(setCame)}
          >
            <Form.Item name="successor" label={t("orders.hand_over_to")} rules={[{ required: true, message: t("ui.required") }]}>
              <Successor />
            </Form.Item>
            <Form.Item name="reason" label={t("orders.reason")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
              <Input maxLength={200} />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={give.pending}>
              {t("orders.hand_over_run")}
            </Button>
          </Form>
        </Section>
      )}
    </>
  );
}

/** `Form.Item` hands value and change to its only child. */
function Successor({ value, onChange, ...rest }: { id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  return (
    <PersonPicker {...rest} aria-label={t("orders.hand_over_to")} multiple={false} value={value ?? []} onChange={(ids) => onChange?.(ids)} />
  );
}
