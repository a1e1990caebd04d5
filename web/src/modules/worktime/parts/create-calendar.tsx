import { unitsIn, useUnits } from "@/modules/directory/api";
import { t, text } from "@/lib/words";
import { Form, FormDialog, Input, Select } from "@/ui";

import { type CalendarView, useCreateCalendar } from "../api";
import { standardWeek } from "../lib/week";

interface Entered {
  unit: string;
  zh: string;
  zone: string;
  region?: string;
}

/** Gives a unit its own calendar, with the standard week; all of it can be changed on its page. */
export function CreateCalendar({ taken, onClose, onMade }: { taken: string[]; onClose: () => void; onMade: (made: CalendarView) => void }) {
  const create = useCreateCalendar(t("worktime.created"), onMade);
  const units = unitsIn(useUnits().data?.items).filter((unit) => !taken.includes(unit.id));
  const submit = ({ unit, zh, zone, region }: Entered) =>
    void create.run({
      unit,
      name: { zh: zh.trim() },
      zone: zone.trim(),
      ...(region?.trim() ? { region: region.trim().toUpperCase() } : {}),
      weeks: [{ week: standardWeek() }],
    });
  return (
    <FormDialog<Entered>
      title={t("worktime.create")}
      submit={t("worktime.create")}
      pending={create.pending}
      problem={create.problem}
      initial={{ zone: "Asia/Shanghai", region: "CN" }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="unit" label={t("worktime.unit")} rules={[{ required: true, message: t("ui.required") }]}>
        <Select showSearch={{ optionFilterProp: "label" }} options={units.map((unit) => ({ value: unit.id, label: text(unit.name) }))} />
      </Form.Item>
      <Form.Item name="zh" label={t("worktime.name")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="zone" label={t("worktime.zone")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input />
      </Form.Item>
      <Form.Item name="region" label={t("worktime.region")} extra={t("worktime.region_hint")}>
        <Input maxLength={8} />
      </Form.Item>
    </FormDialog>
  );
}
