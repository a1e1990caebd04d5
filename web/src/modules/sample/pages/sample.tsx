import { describe, describeField } from "@/lib/problem";
import { listed, t } from "@/lib/words";
import { Alert, Button, ErrorState, Facts, Form, Input, Page, Section, Skeleton, useConfirm } from "@/ui";

import { type SampleState, useLoadSample, useRemoveSample, useSample } from "../api";
import styles from "./sample.module.css";

/** 示例集团: loaded beside the organisation to try things out, and removed again. */
export function SamplePage() {
  const sample = useSample();
  if (sample.error) return <ErrorState error={sample.error} retry={() => void sample.refetch()} />;
  if (!sample.data) return <Skeleton rows={6} />;
  return (
    <Page title={t("sample.title")}>
      {sample.data.loaded ? <There sample={sample.data} /> : <Load />}
    </Page>
  );
}

/** One password for all of its accounts: they are for trying out, and nobody outside may know it. */
function Load() {
  const [form] = Form.useForm<{ password: string }>();
  const load = useLoadSample(t("sample.loaded_now"));
  const submit = async ({ password }: { password: string }) => {
    const outcome = await load.run({ password });
    if (outcome && !outcome.ok && outcome.problem.fields.length > 0) {
      form.setFields([{ name: "password", errors: outcome.problem.fields.map((fault) => describeField(fault)) }]);
    }
  };
  return (
    <Section title={t("sample.load")} hint={t("sample.load_hint")}>
      <div className={styles.block}>
        <ul className={styles.points}>
          <li>{t("sample.point_apart")}</li>
          <li>{t("sample.point_logins")}</li>
          <li>{t("sample.point_removal")}</li>
        </ul>
        {load.problem && load.problem.fields.length === 0 && (
          <Alert type="error" showIcon role="alert" title={describe(load.problem)} />
        )}
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(entered: { password: string }) => void submit(entered)}>
          <Form.Item
            name="password"
            label={t("sample.password")}
            extra={t("sample.password_hint")}
            rules={[{ required: true, message: t("ui.required") }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={load.pending}>
            {t("sample.load")}
          </Button>
        </Form>
      </div>
    </Section>
  );
}

function There({ sample }: { sample: SampleState }) {
  const confirm = useConfirm();
  const remove = useRemoveSample((people, cases) => t("sample.removed_now", { people, cases }));
  const { people, units, departments, flows, cases, guests, logins } = sample;
  const ask = async () => {
    const yes = await confirm({
      title: t("sample.remove_question"),
      body: t("sample.remove_body", { people, cases }),
      yes: t("sample.remove"),
      danger: true,
    });
    if (yes) await remove.run(undefined);
  };
  return (
    <>
      <Section title={t("sample.there")} hint={t("sample.there_hint")}>
        <Facts
          items={[
            [t("sample.people"), people],
            [t("sample.places"), t("sample.places_n", { units, departments })],
            [t("sample.flows"), flows],
            [t("sample.cases"), cases],
          ]}
        />
      </Section>
      <Section title={t("sample.logins")} hint={t(logins.some(({ login }) => login.endsWith(".sample")) ? "sample.logins_hint" : "sample.logins_hint_alone")}>
        <ul className={styles.logins} aria-label={t("sample.logins")}>
          {logins.map(({ login, name }) => (
            <li key={login}>
              <code>{login}</code> <span>{name}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t("sample.remove")} hint={t("sample.remove_hint")}>
        <div className={styles.block}>
          {guests.length > 0 && <Alert type="warning" showIcon title={t("sample.guests", { people: listed(guests) })} />}
          <Button danger loading={remove.pending} onClick={() => void ask()}>
            {t("sample.remove")}
          </Button>
        </div>
      </Section>
    </>
  );
}
