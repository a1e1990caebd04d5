import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { t, text } from "@/lib/words";
import { Button, EmptyState, ErrorState, Input, Page, Skeleton } from "@/ui";

import { useCaseAccessByNumber } from "../api";
import { CaseReaders } from "../parts/case-readers";
import styles from "./query.module.css";

/** 谁能查看: who may see the case of a number, told to who administers its flow, whether he may open it or not (PERM-17). */
export function WhoSeesPage() {
  const { q = "" } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  const access = useCaseAccessByNumber(q);
  const ask = () => void navigate({ to: "/admin/who-sees", search: typed.trim() ? { q: typed.trim() } : {}, replace: true });
  return (
    <Page title={t("workflow.who_sees")}>
      <p className={styles.hint}>{t("workflow.who_sees_hint")}</p>
      <form
        className={styles.question}
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Input
          aria-label={t("workflow.case_number")}
          placeholder={t("workflow.case_number_example")}
          value={typed}
          allowClear
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={access.isFetching}>
          {t("workflow.who_sees_ask")}
        </Button>
      </form>
      {!q ? null : access.error ? (
        access.error.status === 404 ? (
          <EmptyState icon="search" title={t("workflow.no_such_case", { number: q })} hint={t("workflow.no_such_case_hint")} />
        ) : (
          <ErrorState error={access.error} retry={access.refetch} />
        )
      ) : !access.data ? (
        <Skeleton rows={5} />
      ) : (
        <>
          <h2 className={styles.found}>
            {text(access.data.title)} <small>{access.data.number}</small>
          </h2>
          <CaseReaders access={access.data} />
        </>
      )}
    </Page>
  );
}
