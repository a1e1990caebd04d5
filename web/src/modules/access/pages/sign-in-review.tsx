import { useState } from "react";

import { deviceName } from "@/lib/device";
import { formatInstant, formatMoment } from "@/lib/time";
import { listed, say, t, text } from "@/lib/words";
import { Alert, Button, Chip, EmptyState, ErrorState, Filter, Form, Input, Page, Section, Skeleton } from "@/ui";

import { type SignInReview, useReviewSignIns, useSignInReview } from "../api";
import { placeOf } from "../parts/give-form";
import styles from "../parts/rights.module.css";
import me from "./me.module.css";

/** 登录复核: what was abnormal since the last review, what somebody found, and when the next is due. */
export function SignInReviewPage() {
  const [chosen, setChosen] = useState<string>();
  const standing = useSignInReview(chosen ? placeOf(chosen) : undefined);
  if (standing.error) return <ErrorState error={standing.error} retry={standing.refetch} />;
  if (!standing.data) return <Skeleton rows={8} />;
  const places = standing.data.places.flatMap(({ place, name }) => (place ? [{ value: `${place.kind}:${place.id}`, label: text(name) }] : []));
  return (
    <Page title={t("access.sign_in_review")} tools={places.length > 0 && <Filter label={t("access.place")} value={chosen} options={places} onChange={setChosen} />}>
      <Standing standing={standing.data} />
      <Findings standing={standing.data} />
      <ReviewForm key={standing.data.period_from} standing={standing.data} />
      <Earlier standing={standing.data} />
    </Page>
  );
}

function Standing({ standing }: { standing: SignInReview }) {
  const due = { days: standing.every_days, time: formatMoment(standing.due_at) };
  return (
    <Alert
      type={standing.overdue ? "error" : "info"}
      title={t(standing.overdue ? "access.review_overdue" : "access.review_due", due)}
      description={t("access.review_period", {
        place: standing.place_name ?? t("access.everything"),
        from: formatMoment(standing.period_from),
        to: formatMoment(standing.period_to),
        n: String(standing.sign_ins),
        abnormal: String(standing.abnormal),
      })}
    />
  );
}

function Findings({ standing }: { standing: SignInReview }) {
  return (
    <Section title={t("access.abnormal")} hint={t("access.abnormal_hint")}>
      {standing.findings.length === 0 ? (
        <EmptyState title={t("access.nothing_abnormal")} />
      ) : (
        <ul className={me.list}>
          {standing.findings.map((found) => (
            <li key={`${found.at}-${found.login}`}>
              <div>
                <p>
                  {found.person?.name ?? found.login} · {listed(found.rules.map((rule) => say(`access.abnormal.${rule}`)))}
                </p>
                <p className={styles.meta}>{[formatInstant(found.at), found.address, deviceName(found.device)].filter(Boolean).join(" · ")}</p>
              </div>
              {found.times > 1 && <Chip tone="danger">{t("access.times", { n: String(found.times) })}</Chip>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function ReviewForm({ standing }: { standing: SignInReview }) {
  const review = useReviewSignIns(t("access.reviewed"));
  return (
    <Section title={t("access.record_review")} hint={t("access.record_review_hint")}>
      <div className={me.form}>
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={({ findings }: { findings: string }) =>
            void review.run({
              ...(standing.place ? { place: standing.place } : {}),
              period_from: standing.period_from,
              period_to: standing.period_to,
              findings: findings.trim(),
            })
          }
        >
          <Form.Item name="findings" label={t("access.findings")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
            <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2000} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={review.pending}>
            {t("access.record_review")}
          </Button>
        </Form>
      </div>
    </Section>
  );
}

function Earlier({ standing }: { standing: SignInReview }) {
  if (standing.reviews.length === 0) return null;
  return (
    <Section title={t("access.earlier_reviews")}>
      <ul className={me.list}>
        {standing.reviews.map((each) => (
          <li key={each.id}>
            <div>
              <p>{each.findings}</p>
              <p className={styles.meta}>
                {t("access.reviewed_by", { name: each.reviewer.name, time: formatMoment(each.at), from: formatMoment(each.period_from), abnormal: String(each.abnormal) })}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
