import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { unitsIn, useUnits } from "@/modules/directory/api";
import { can } from "@/lib/can";
import { formatDate, formatLongDate } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Button, Chip, EmptyState, ErrorState, Meta, RecordPage, RowWords, Section, Skeleton, useConfirm } from "@/ui";

import { type CalendarException, type CalendarView, type DatedWeek, useCalendar, useRemoveException } from "../api";
import { showHours } from "../lib/hours";
import { regionName } from "../lib/region";
import { WEEKDAYS } from "../lib/week";
import { AddException } from "../parts/add-exception";
import { EditCalendar } from "../parts/edit-calendar";
import { YearView } from "../parts/year-view";
import styles from "../parts/worktime.module.css";

/** One working calendar: its weeks, what its unit decided for single dates, and what each date of a year is. */
export function CalendarPage() {
  const { id } = useParams({ from: "/frame/admin/calendars/$id" });
  const calendar = useCalendar(id);
  if (calendar.error) return <ErrorState error={calendar.error} retry={() => void calendar.refetch()} />;
  if (!calendar.data) return <Skeleton rows={8} />;
  return <Shown key={id} calendar={calendar.data} />;
}

function Shown({ calendar }: { calendar: CalendarView }) {
  const units = unitsIn(useUnits().data?.items);
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const may = can(calendar, "change");
  return (
    <RecordPage
      title={text(calendar.name)}
      meta={
        <Meta>
          <span>{text(units.find((unit) => unit.id === calendar.unit)?.name)}</span>
          <span>{calendar.zone}</span>
          <span>{calendar.region ? t("worktime.follows", { region: regionName(calendar.region) }) : t("worktime.follows_nobody")}</span>
        </Meta>
      }
      tools={may && <Button onClick={() => setEditing(true)}>{t("worktime.edit")}</Button>}
      onBack={() => void navigate({ to: "/admin/calendars" })}
    >
      {calendar.weeks.map((dated) => (
        <WeekView key={dated.valid_from ?? ""} dated={dated} />
      ))}
      <Exceptions calendar={calendar} may={may} />
      <YearView id={calendar.id} />
      {editing && <EditCalendar calendar={calendar} onClose={() => setEditing(false)} />}
    </RecordPage>
  );
}

function WeekView({ dated }: { dated: DatedWeek }) {
  const title = dated.valid_from ? t("worktime.week_from", { date: formatDate(dated.valid_from) }) : t("worktime.week");
  return (
    <Section title={title}>
      <table className={styles.week}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("worktime.weekday")}</span>
            </th>
            <th scope="col">{t("worktime.half.am")}</th>
            <th scope="col">{t("worktime.half.pm")}</th>
          </tr>
        </thead>
        <tbody>
          {WEEKDAYS.map((weekday) => (
            <tr key={weekday}>
              <th scope="row">{t(`worktime.${weekday}`)}</th>
              <td>{showHours(dated.week[weekday]?.am) || t("worktime.rest")}</td>
              <td>{showHours(dated.week[weekday]?.pm) || t("worktime.rest")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

export function exceptionKind(exception: CalendarException): string {
  return exception.kind === "half_off" ? t(`worktime.half_off_${exception.half}`) : t(`worktime.kind.${exception.kind}`);
}

function Exceptions({ calendar, may }: { calendar: CalendarView; may: boolean }) {
  const [adding, setAdding] = useState(false);
  const confirm = useConfirm();
  const remove = useRemoveException(calendar.id, t("worktime.exception_removed"));
  const ask = async (date: string) => {
    const question = { title: t("worktime.remove_question", { date: formatLongDate(date) }), yes: t("worktime.remove"), danger: true };
    if (await confirm(question)) await remove.run(date);
  };
  return (
    <Section
      title={t("worktime.exceptions")}
      hint={t("worktime.exceptions_hint")}
      tools={may && <Button onClick={() => setAdding(true)}>{t("worktime.add_exception")}</Button>}
    >
      {calendar.exceptions.length === 0 ? (
        <EmptyState icon="clock" title={t("worktime.no_exceptions")} />
      ) : (
        <ul className={styles.list} aria-label={t("worktime.exceptions")}>
          {[...calendar.exceptions].reverse().map(({ date, exception }) => (
            <li key={date} className={styles.across}>
              <RowWords name={formatLongDate(date)}>
                <Chip tone={exception.kind === "make_up" ? "accent" : "plain"}>{exceptionKind(exception)}</Chip>
                <span>{text(exception.name)}</span>
              </RowWords>
              {may && (
                <Button aria-label={t("worktime.remove_of", { date: formatLongDate(date) })} loading={remove.pending} onClick={() => void ask(date)}>
                  {t("worktime.remove")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && <AddException id={calendar.id} onClose={() => setAdding(false)} />}
    </Section>
  );
}
