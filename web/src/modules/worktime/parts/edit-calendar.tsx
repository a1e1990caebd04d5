import { useState } from "react";

import { formatDate } from "@/lib/time";
import { t } from "@/lib/words";
import { Button, Form, FormDialog, Hint, Input } from "@/ui";
import { DateField } from "@/ui/date";

import { type CalendarView, type DatedWeek, useChangeCalendar } from "../api";
import { readHours, showHours } from "../lib/hours";
import { HALVES, type Week, WEEKDAYS } from "../lib/week";
import styles from "./worktime.module.css";

/** The hours of a week as they are typed: by weekday and half. */
type Typed = Record<string, Record<string, string>>;

interface Entered {
  zh: string;
  en?: string;
  zone: string;
  region?: string;
  weeks: Typed[];
}

/** Name, time zone, region and weekly patterns of a calendar; a pattern that holds from a date on leaves earlier dates as they were. */
export function EditCalendar({ calendar, onClose }: { calendar: CalendarView; onClose: () => void }) {
  const change = useChangeCalendar(calendar, t("worktime.changed"), onClose);
  const [form] = Form.useForm<Entered>();
  const [since, setSince] = useState<(string | undefined)[]>(() => calendar.weeks.map((dated) => dated.valid_from ?? undefined));
  const [next, setNext] = useState<string>();
  const add = () => {
    if (!next) return;
    form.setFieldValue(["weeks", since.length], form.getFieldValue(["weeks", since.length - 1]));
    setSince([...since, next]);
    setNext(undefined);
  };
  const remove = (index: number) => {
    const weeks = (form.getFieldValue("weeks") as Typed[]).filter((_, at) => at !== index);
    setSince(since.filter((_, at) => at !== index));
    form.setFieldValue("weeks", weeks);
  };
  const submit = ({ zh, en, zone, region, weeks }: Entered) =>
    void change.run({
      name: { zh: zh.trim(), ...(en?.trim() ? { en: en.trim() } : {}) },
      zone: zone.trim(),
      ...(region?.trim() ? { region: region.trim().toUpperCase() } : {}),
      weeks: since.map((from, index) => ({ ...(from ? { valid_from: from } : {}), week: read(weeks[index] ?? {}) })),
    });
  const required = { required: true, whitespace: true, message: t("ui.required") };
  return (
    <FormDialog<Entered>
      title={t("worktime.edit")}
      width={720}
      submit={t("ui.save")}
      pending={change.pending}
      problem={change.problem}
      form={form}
      initial={{
        zh: calendar.name.zh,
        en: calendar.name.en ?? "",
        zone: calendar.zone,
        region: calendar.region ?? "",
        weeks: calendar.weeks.map(typed),
      }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="zh" label={t("worktime.name")} rules={[required]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="en" label={t("worktime.name_en")}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="zone" label={t("worktime.zone")} rules={[required]}>
        <Input />
      </Form.Item>
      <Form.Item name="region" label={t("worktime.region")} extra={t("worktime.region_hint")}>
        <Input maxLength={8} />
      </Form.Item>
      {since.map((from, index) => (
        <fieldset key={from ?? ""} className={styles.pattern}>
          <legend>{from ? t("worktime.week_from", { date: formatDate(from) }) : t("worktime.week")}</legend>
          {index === 0 && <Hint>{t("worktime.hours_hint")}</Hint>}
          <Days index={index} />
          {from && (
            <Button type="text" danger onClick={() => remove(index)}>
              {t("worktime.remove_week")}
            </Button>
          )}
        </fieldset>
      ))}
      <div className={styles.later}>
        <DateField value={next} onChange={setNext} aria-label={t("worktime.week_since")} placeholder={t("worktime.week_since")} />
        <Button disabled={!next || since.includes(next)} onClick={add}>
          {t("worktime.add_week")}
        </Button>
      </div>
    </FormDialog>
  );
}

function Days({ index }: { index: number }) {
  const readable = {
    validator: (_: unknown, typed: string | undefined) =>
      readHours(typed ?? "") ? Promise.resolve() : Promise.reject(new Error(t("worktime.hours_unread"))),
  };
  return WEEKDAYS.map((weekday) => (
    <div key={weekday} className={styles.day}>
      <span className={styles.weekday}>{t(`worktime.${weekday}`)}</span>
      {HALVES.map((half) => (
        <Form.Item key={half} name={["weeks", index, weekday, half]} rules={[readable]}>
          <Input aria-label={`${t(`worktime.${weekday}`)} ${t(`worktime.half.${half}`)}`} placeholder={t("worktime.rest")} />
        </Form.Item>
      ))}
    </div>
  ));
}

function typed({ week }: DatedWeek): Typed {
  const day = (hours: Week["monday"]) => ({ am: showHours(hours?.am), pm: showHours(hours?.pm) });
  return Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, day(week[weekday])]));
}

function read(week: Typed): Week {
  const day = (typed: Record<string, string> | undefined) => ({ am: readHours(typed?.am ?? "") ?? [], pm: readHours(typed?.pm ?? "") ?? [] });
  return Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, day(week[weekday])]));
}
