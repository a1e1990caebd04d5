import { clauseName } from "@/lib/clause";
import { describe, describeField, type Problem } from "@/lib/problem";
import { listed, t, text } from "@/lib/words";
import { Alert, Button, ErrorState, Form, Input, Section, Skeleton } from "@/ui";

import { type Profile, type ProfileField, useChangeProfile, useProfile } from "../api";
import styles from "./own-contact.module.css";

const FIELDS: readonly ProfileField[] = ["mobile", "office_phone", "email"];

/**
 * 联系方式: how colleagues reach me, what my organisation wants to know of it, and by which rule. `external`: I am of another
 * organisation, and the house sees it.
 */
export function OwnContact({ external = false }: { external?: boolean }) {
  const profile = useProfile();
  return (
    <Section title={t("contacts.my_contact")} hint={t(external ? "contacts.my_contact_hint_external" : "contacts.my_contact_hint")}>
      <div className={styles.card}>
        {profile.error ? (
          <ErrorState error={profile.error} retry={profile.refetch} />
        ) : !profile.data ? (
          <Skeleton rows={3} />
        ) : (
          <Contact key={profile.data.version} profile={profile.data} />
        )}
      </div>
    </Section>
  );
}

type Entered = Record<ProfileField, string>;

function Contact({ profile }: { profile: Profile }) {
  const change = useChangeProfile(profile, t("contacts.saved"));
  const { missing, required, required_by, email_domains, email_domains_by } = profile;
  return (
    <>
      {missing.length > 0 && (
        <Alert type="warning" showIcon title={t("contacts.missing", { fields: listed(missing.map((field) => t(`contacts.${field}`))) })} />
      )}
      <Form<Entered>
        layout="vertical"
        requiredMark={false}
        initialValues={Object.fromEntries(FIELDS.map((field) => [field, profile[field] ?? ""]))}
        onFinish={(entered) => void change.run(changed(profile, entered))}
      >
        {FIELDS.map((field) => (
          <Form.Item
            key={field}
            name={field}
            label={required.includes(field) ? `${t(`contacts.${field}`)} · ${t("contacts.required")}` : t(`contacts.${field}`)}
            extra={
              field === "mobile"
                ? t("contacts.mobile_hint")
                : field === "email" && email_domains.length > 0
                  ? [t("contacts.domains", { domains: listed(email_domains) }), clause(email_domains_by)].filter(Boolean).join(" · ")
                  : undefined
            }
            {...refusal(change.problem, field)}
          >
            <Input inputMode={field === "email" ? "email" : "tel"} autoComplete="off" />
          </Form.Item>
        ))}
        {required_by && <p className={styles.rule}>{clause(required_by)}</p>}
        <Button type="primary" htmlType="submit" loading={change.pending}>
          {t("ui.save")}
        </Button>
      </Form>
    </>
  );
}

function clause(by: Profile["required_by"]): string {
  return by ? t("contacts.by_clause", { unit: text(by.unit), number: clauseName(by.number) }) : "";
}

/** Only what is other than before; an empty field takes the value away. */
function changed(profile: Profile, entered: Entered) {
  const other = FIELDS.filter((field) => entered[field].trim() !== (profile[field] ?? ""));
  return Object.fromEntries(other.map((field) => [field, entered[field].trim() || null]));
}

/** What the server has against a field stands at it; what concerns the whole, at the first. */
function refusal(problem: Problem | undefined, field: ProfileField) {
  if (!problem) return {};
  const own = problem.fields.find((fault) => fault.field === field);
  const elsewhere = problem.fields.some((fault) => FIELDS.some((known) => known === fault.field));
  const email = problem.code === "directory.email_taken";
  if (own) return { validateStatus: "error" as const, help: describeField(own) };
  if (!elsewhere && field === (email ? "email" : "mobile")) return { validateStatus: "error" as const, help: describe(problem) };
  return {};
}
