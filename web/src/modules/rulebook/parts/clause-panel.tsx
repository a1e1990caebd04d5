import { can } from "@/lib/can";
import { formatInstant } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { Button, Change, ErrorState, Form, Input, Panel, Radio, Select, Skeleton } from "@/ui";

import { type ClauseHistory, type Given, type Mode, type ParameterView, type Setting, useChangeClause, useClause, useParameters } from "../api";
import styles from "./clause-panel.module.css";
import { choiceName, isByClass, modeName, OwnNumber, parameterName, showGiven } from "./parameter";

/** One clause: its words, its parameters, what each was before; a change asks for the reason, which is recorded. */
export function ClausePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const clause = useClause(id);
  const parameters = useParameters();
  const error = clause.error ?? parameters.error;
  return (
    <Panel title={clause.data ? <OwnNumber clause={clause.data} /> : t("rulebook.clause")} onClose={onClose}>
      {error ? (
        <ErrorState error={error} retry={() => Promise.all([clause.refetch(), parameters.refetch()])} />
      ) : !clause.data || !parameters.data ? (
        <Skeleton rows={5} />
      ) : (
        <>
          <p className={styles.words}>{text(clause.data.text)}</p>
          <p className={styles.meta}>{t("rulebook.holds_for", { unit: clause.data.unit_name ?? "" })}</p>
          <ClauseForm key={clause.data.version} clause={clause.data} known={parameters.data} onDone={onClose} />
          <History clause={clause.data} known={parameters.data} />
        </>
      )}
    </Panel>
  );
}

interface Entered {
  mode: Mode;
  reason: string;
  /** By parameter, then by class; `""` where one value holds for all. */
  values: Record<string, Record<string, string>>;
}

const ALL = "all";

function ClauseForm({ clause, known, onDone }: { clause: ClauseHistory; known: ParameterView[]; onDone: () => void }) {
  const change = useChangeClause(clause, t("rulebook.changed"), onDone);
  const may = can(clause, "change");
  const names = Object.keys(clause.parameters);
  const submit = ({ mode, reason, values }: Entered) =>
    void change.run({
      mode,
      reason: reason.trim(),
      parameters: Object.fromEntries(names.map((name) => [name, given(kindOf(known, name), values[keyOf(name)] ?? {})])),
    });
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      disabled={!may || change.pending}
      initialValues={{
        mode: clause.mode,
        values: Object.fromEntries(names.map((name) => [keyOf(name), written(clause.parameters[name]!)])),
      }}
      onFinish={submit}
    >
      {names.map((name) => {
        const value = clause.parameters[name]!;
        const parameter = known.find((each) => each.name === name);
        const classes = isByClass(value) ? Object.keys(value) : [ALL];
        return classes.map((each) => (
          <Form.Item
            key={`${name}/${each}`}
            name={["values", keyOf(name), each]}
            label={each === ALL ? parameterName(name) : `${parameterName(name)} · ${say(`rulebook.class.${each}`)}`}
            extra={each === classes[classes.length - 1] ? t("rulebook.now", { value: showGiven(value, parameter?.measure) }) : undefined}
            rules={[{ required: true, message: t("ui.required") }, ...bounds(parameter)]}
          >
            <SettingInput parameter={parameter} />
          </Form.Item>
        ));
      })}
      <Form.Item name="mode" label={t("rulebook.mode")}>
        <Radio.Group options={clause.modes.map((mode) => ({ value: mode, label: modeName(mode) }))} />
      </Form.Item>
      {may && (
        <>
          <Form.Item name="reason" label={t("rulebook.reason")} rules={[{ required: true, whitespace: true, message: t("rulebook.reason_missing") }]}>
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={change.pending}>
            {t("ui.save")}
          </Button>
        </>
      )}
    </Form>
  );
}

/** `Form.Item` hands value and change to its only child. */
function SettingInput({ parameter, ...control }: { parameter: ParameterView | undefined }) {
  switch (parameter?.kind.type) {
    case "word":
      return <Select {...control} options={parameter.kind.words.map((word) => ({ value: word, label: choiceName(word) }))} />;
    case "some_of":
      return <SomeOf {...control} words={parameter.kind.words} />;
    case "words":
      return <Input.TextArea {...control} autoSize={{ minRows: 2, maxRows: 10 }} />;
    case "whole":
      return (
        <Input
          {...control}
          inputMode="numeric"
          suffix={parameter.measure === "none" ? undefined : say(`rulebook.measure.${parameter.measure}`)}
        />
      );
    case undefined:
      return <Input {...control} />;
  }
}

/** Several of a list; the form holds them as lines, like every list. */
function SomeOf({ words, value, onChange, ...control }: { words: readonly string[]; value?: string; onChange?: (value: string) => void }) {
  return (
    <Select<string[]>
      {...control}
      mode="multiple"
      value={value ? value.split("\n") : []}
      options={words.map((word) => ({ value: word, label: choiceName(word) }))}
      onChange={(chosen) => onChange?.(chosen.join("\n"))}
    />
  );
}

function bounds(parameter: ParameterView | undefined) {
  if (parameter?.kind.type !== "whole") return [];
  const { min, max } = parameter.kind;
  const within = (value: string) => /^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
  return [
    {
      validator: (_: unknown, value: string) =>
        !value || within(value) ? Promise.resolve() : Promise.reject(new Error(say("rulebook.not_in_bounds", { min, max }))),
    },
  ];
}

/** What the clause said before, the youngest change first: each value old and new. */
function History({ clause, known }: { clause: ClauseHistory; known: ParameterView[] }) {
  const changes = clause.versions.flatMap((version, index) => {
    const before = clause.versions[index + 1];
    if (!before) return [];
    const differing = Object.keys(version.parameters).filter(
      (name) => JSON.stringify(version.parameters[name]) !== JSON.stringify(before.parameters[name]),
    );
    return differing.map((name) => ({ name, at: version.valid_from, old: before.parameters[name], new: version.parameters[name]! }));
  });
  if (changes.length === 0) return null;
  return (
    <>
      <h3 className={styles.title}>{t("rulebook.history")}</h3>
      <ul className={styles.history}>
        {changes.map((each) => {
          const measure = known.find((parameter) => parameter.name === each.name)?.measure;
          return (
            <li key={`${each.at}-${each.name}`}>
              <p>
                {parameterName(each.name)}
                {t("ui.colon")}
                <Change before={each.old === undefined ? undefined : showGiven(each.old, measure)} after={showGiven(each.new, measure)} />
              </p>
              <p className={styles.meta}>{t("rulebook.holds_since", { time: formatInstant(each.at) })}</p>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function kindOf(known: ParameterView[], name: string) {
  return known.find((each) => each.name === name)?.kind.type;
}

/** Names of parameters hold points, which the form library reads as paths. */
function keyOf(name: string): string {
  return name.replaceAll(".", "/");
}

function written(given: Given): Record<string, string> {
  if (!isByClass(given)) return { [ALL]: asText(given) };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, asText(value)]));
}

function asText(value: Setting): string {
  return Array.isArray(value) ? value.join("\n") : String(value);
}

function given(kind: ParameterView["kind"]["type"] | undefined, entered: Record<string, string>): Given {
  const read = (value: string): Setting => {
    if (kind === "whole") return Number(value);
    if (kind !== "words" && kind !== "some_of") return value;
    return value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  };
  if (ALL in entered) return read(entered[ALL]);
  return Object.fromEntries(Object.entries(entered).map(([name, value]) => [name, read(value)]));
}
