import { useState } from "react";

import { t, text } from "@/lib/words";
import { usePerson, useUnits } from "@/modules/directory/api";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { Checkbox, Form, FormDialog, Input, Select } from "@/ui";

import { type OrderChange, usePosts, useRanks } from "../api";
import { freeKey, madeBy, type PlaceOption, places, targetOf } from "./places";
import { UNIT_KINDS, type UnitKind } from "./unit-kinds";

const KINDS = [
  "create_department", "rename_department", "move_department", "merge_department", "split_department",
  "close_department", "create_unit", "rename_unit", "move_unit", "close_unit", "set_head", "set_in_charge", "transfer", "appoint",
  "end_appointment", "set_rank", "leave", "rejoin",
] as const;
type Kind = (typeof KINDS)[number];

/** What is asked for each kind of change, in its order. */
const ASKED: Record<Kind, readonly Field[]> = {
  create_department: ["parent", "name", "name_en"],
  rename_department: ["department", "name", "name_en"],
  move_department: ["department", "to"],
  merge_department: ["department", "to"],
  split_department: ["department", "name", "name_en", "people", "departments"],
  close_department: ["department"],
  create_unit: ["above_unit", "unit_kind", "name", "name_en"],
  rename_unit: ["unit", "name", "name_en"],
  move_unit: ["unit", "to_unit"],
  close_unit: ["unit"],
  set_head: ["place", "person?"],
  set_in_charge: ["place", "person?"],
  transfer: ["person", "seat", "post", "to"],
  appoint: ["person", "post", "to", "main"],
  end_appointment: ["person", "seat"],
  set_rank: ["person", "rank"],
  leave: ["person", "successor"],
  rejoin: ["person", "rank"],
};
type Field =
  | "parent" | "name" | "name_en" | "department" | "to" | "people" | "departments" | "unit" | "above_unit" | "unit_kind" | "to_unit" | "place"
  | "person" | "person?" | "seat" | "post" | "main" | "rank" | "successor";

interface Entered {
  kind: Kind;
  parent?: string;
  name?: string;
  name_en?: string;
  department?: string;
  to?: string;
  people?: string[];
  departments?: string[];
  unit?: string;
  unit_kind?: UnitKind;
  to_unit?: string;
  place?: string;
  person?: string[];
  seat?: string;
  post?: string;
  main?: boolean;
  rank?: string;
  successor?: string[];
}

/** One more change of an order. */
export function ChangeForm({ known, onAdd, onClose }: {
  known: readonly OrderChange[];
  onAdd: (change: OrderChange) => void;
  onClose: () => void;
}) {
  const [form] = Form.useForm<Entered>();
  const [kind, setKind] = useState<Kind>("rename_department");
  const [person, setPerson] = useState<string>();
  const asked = ASKED[kind];
  const all = places(useUnits().data?.items ?? []);
  const posts = usePosts(asked.includes("post")).data?.items ?? [];
  const ranks = useRanks(asked.includes("rank")).data?.items ?? [];
  const seats = usePerson(asked.includes("seat") ? person : undefined).data?.appointments ?? [];
  const made = madeBy(known);
  const departments = all.filter((place) => place.kind === "department").map(byId);
  const units = all.filter((place) => place.kind === "unit").map(byId);
  const targets = [
    ...all.map((place) => ({ value: `${place.kind}:${place.id}`, label: place.label })),
    ...made.map(({ key, name }) => ({ value: `new:${key}`, label: `${text(name)} (${t("orders.new_place")})` })),
  ];
  const required = [{ required: true, message: t("ui.required") }];
  const chosen = { showSearch: true, optionFilterProp: "label" };

  const field = (name: Field) => {
    switch (name) {
      case "name":
        return <Form.Item key={name} name="name" label={t("orders.name")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}><Input maxLength={200} /></Form.Item>;
      case "name_en":
        return <Form.Item key={name} name="name_en" label={t("orders.name_en")}><Input maxLength={200} /></Form.Item>;
      case "department":
        return <Form.Item key={name} name="department" label={t("orders.department")} rules={required}><Select {...chosen} options={departments} /></Form.Item>;
      case "departments":
        return <Form.Item key={name} name="departments" label={t("orders.departments")}><Select {...chosen} mode="multiple" options={departments} /></Form.Item>;
      case "unit":
        return <Form.Item key={name} name="unit" label={t("orders.unit_changed")} rules={required}><Select {...chosen} options={units} /></Form.Item>;
      case "above_unit":
        return <Form.Item key={name} name="unit" label={t("orders.parent")} rules={required}><Select {...chosen} options={units} /></Form.Item>;
      case "unit_kind":
        return <Form.Item key={name} name="unit_kind" label={t("orders.unit_kind")} rules={required}><Select options={UNIT_KINDS.map((value) => ({ value, label: t(`orders.unit_kind.${value}`) }))} /></Form.Item>;
      case "to_unit":
        return <Form.Item key={name} name="to_unit" label={t("orders.to")} rules={required}><Select {...chosen} options={units} /></Form.Item>;
      case "parent":
      case "to":
      case "place":
        return <Form.Item key={name} name={name} label={t(`orders.${name}`)} rules={required}><Select {...chosen} options={targets} /></Form.Item>;
      case "people":
        return <Form.Item key={name} name="people" label={t("orders.people")}><People multiple label={t("orders.people")} /></Form.Item>;
      case "person":
        return <Form.Item key={name} name="person" label={t("orders.person")} rules={required}><People label={t("orders.person")} left={kind === "rejoin"} /></Form.Item>;
      case "person?":
        return <Form.Item key={name} name="person" label={t("orders.person")} extra={t("orders.nobody_hint")}><People label={t("orders.person")} /></Form.Item>;
      case "successor":
        return <Form.Item key={name} name="successor" label={t("orders.successor")}><People label={t("orders.successor")} /></Form.Item>;
      case "seat":
        return (
          <Form.Item key={name} name="seat" label={t("orders.seat")} rules={required}>
            <Select options={seats.map((seat) => ({ value: seat.id, label: `${text(seat.department ?? seat.unit)} · ${text(seat.post)}` }))} />
          </Form.Item>
        );
      case "post":
        return <Form.Item key={name} name="post" label={t("orders.post")} rules={required}><Select {...chosen} options={posts.map((post) => ({ value: post.id, label: text(post.name) }))} /></Form.Item>;
      case "rank":
        return <Form.Item key={name} name="rank" label={t("orders.rank")}><Select allowClear options={ranks.map((rank) => ({ value: rank.id, label: text(rank.name) }))} /></Form.Item>;
      case "main":
        return <Form.Item key={name} name="main" valuePropName="checked"><Checkbox>{t("orders.main")}</Checkbox></Form.Item>;
    }
  };

  return (
    <FormDialog<Entered>
      title={t("orders.add_change")}
      submit={t("orders.add_change")}
      form={form}
      initial={{ kind }}
      onValuesChange={(changed: Partial<Entered>) => {
        if (changed.kind) setKind(changed.kind);
        if (changed.person) {
          setPerson(changed.person[0]);
          form.resetFields(["seat"]);
        }
      }}
      onSubmit={(entered) => onAdd(changeOf(entered, freeKey(known)))}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t("orders.change")}>
        <Select {...chosen} options={KINDS.map((value) => ({ value, label: t(`orders.kind.${value}`) }))} />
      </Form.Item>
      {asked.map(field)}
    </FormDialog>
  );
}

function byId(place: PlaceOption) {
  return { value: place.id, label: place.label };
}

/** `Form.Item` hands value and change to its only child. */
function People({ value, onChange, multiple = false, left = false, label, ...rest }: {
  id?: string;
  value?: string[];
  onChange?: (ids: string[]) => void;
  multiple?: boolean;
  /** Those who left, instead of those in service. */
  left?: boolean;
  label: string;
}) {
  return <PersonPicker {...rest} aria-label={label} multiple={multiple} left={left} value={value ?? []} onChange={(ids) => onChange?.(ids)} />;
}

function changeOf(entered: Entered, key: string): OrderChange {
  const { kind } = entered;
  const department = entered.department ?? "";
  const unit = entered.unit ?? "";
  const person = entered.person?.[0];
  const name = { zh: entered.name?.trim() ?? "", ...(entered.name_en?.trim() ? { en: entered.name_en.trim() } : {}) };
  const to = targetOf(entered.to ?? "unit:");
  const rank = entered.rank ? { rank: entered.rank } : {};
  switch (kind) {
    case "create_department":
      return { change: kind, key, parent: targetOf(entered.parent ?? "unit:"), name };
    case "rename_department":
      return { change: kind, department, name };
    case "move_department":
      return { change: kind, department, to };
    case "merge_department":
      return { change: kind, department, into: to };
    case "split_department":
      return { change: kind, department, key, name, people: entered.people ?? [], departments: entered.departments ?? [] };
    case "close_department":
      return { change: kind, department };
    case "create_unit":
      return { change: kind, key, parent: unit, kind: entered.unit_kind ?? "subsidiary", name };
    case "rename_unit":
      return { change: kind, unit, name };
    case "move_unit":
      return { change: kind, unit, to: entered.to_unit ?? "" };
    case "close_unit":
      return { change: kind, unit };
    case "set_head":
    case "set_in_charge":
      return {
        change: "set_leader",
        place: targetOf(entered.place ?? "unit:"),
        as: kind === "set_head" ? "head" : "in_charge",
        ...(person ? { person } : {}),
      };
    case "transfer":
      return { change: kind, appointment: entered.seat ?? "", post: entered.post ?? "", to };
    case "appoint":
      return { change: kind, person: person ?? "", post: entered.post ?? "", to, main: entered.main ?? false };
    case "end_appointment":
      return { change: kind, appointment: entered.seat ?? "" };
    case "set_rank":
    case "rejoin":
      return { change: kind, person: person ?? "", ...rank };
    case "leave":
      return { change: kind, person: person ?? "", ...(entered.successor?.[0] ? { successor: entered.successor[0] } : {}) };
  }
}
