import { useState } from "react";

import { unitsIn, useUnits } from "@/modules/directory/api";
import { t, text } from "@/lib/words";
import { ActionButton, Alert, Change, Chip, ErrorState, Form, Hint, Panel, Select, Skeleton } from "@/ui";

import { type ParameterView, type PresetChange, useLoadPreset, useParameters, usePresetPreview, usePresets } from "../api";
import { ModeChip, parameterName, showGiven } from "./parameter";
import styles from "./preset-panel.module.css";

/** 载入预设: which set, for which unit, what that would change; then it is loaded as a whole (RULE-21). */
export function PresetPanel({ onClose }: { onClose: () => void }) {
  const presets = usePresets();
  const units = unitsIn(useUnits().data?.items);
  const [name, setName] = useState<string>();
  const [chosen, setUnit] = useState<string>();
  const unit = chosen ?? (units.length === 1 ? units[0]?.id : undefined);
  const preview = usePresetPreview(name, unit);
  const load = useLoadPreset(t("rulebook.preset_loaded"), onClose);
  return (
    <Panel title={t("rulebook.load_preset")} width={560} onClose={onClose}>
      {presets.error ? (
        <ErrorState error={presets.error} retry={() => void presets.refetch()} />
      ) : (
        <Form layout="vertical" requiredMark={false}>
          <Hint>{t("rulebook.load_preset_hint")}</Hint>
          <Form.Item label={t("rulebook.preset_name")} htmlFor="preset">
            <Select
              id="preset"
              {...(name ? { value: name } : {})}
              onChange={setName}
              loading={!presets.data}
              options={(presets.data ?? []).map((preset) => ({ value: preset.name, label: `${preset.name} · ${text(preset.title)}` }))}
            />
          </Form.Item>
          <Form.Item label={t("rulebook.preset_unit")} htmlFor="preset-unit">
            <Select
              id="preset-unit"
              {...(unit ? { value: unit } : {})}
              onChange={setUnit}
              showSearch={{ optionFilterProp: "label" }}
              options={units.map((each) => ({ value: each.id, label: text(each.name) }))}
            />
          </Form.Item>
          {name && unit && (
            <>
              <h2 className={styles.title}>{t("rulebook.would_change")}</h2>
              {preview.error ? (
                <ErrorState error={preview.error} retry={() => void preview.refetch()} />
              ) : !preview.data ? (
                <Skeleton rows={4} />
              ) : preview.data.length === 0 ? (
                <Alert type="info" showIcon title={t("rulebook.would_change_nothing")} />
              ) : (
                <>
                  <Changes changes={preview.data} />
                  <ActionButton type="primary" action={load} input={{ name, unit }} label={t("rulebook.load_now", { n: preview.data.length })} />
                </>
              )}
            </>
          )}
        </Form>
      )}
    </Panel>
  );
}

function Changes({ changes }: { changes: PresetChange[] }) {
  const known = useParameters().data;
  return (
    <ul className={styles.changes} aria-label={t("rulebook.would_change")}>
      {changes.map((change) => (
        <li key={`${change.kind} ${change.number}`} className={styles.change}>
          <span className={styles.line}>
            <Chip tone={change.kind === "added" ? "accent" : change.kind === "ends" ? "danger" : "warn"}>{t(`rulebook.change.${change.kind}`)}</Chip>
            <span className={styles.number} lang={/\p{Script=Han}/u.test(change.number) ? "zh-CN" : undefined}>
              {change.number}
            </span>
          </span>
          <span className={styles.words}>{text(change.text)}</span>
          <Values change={change} known={known} />
        </li>
      ))}
    </ul>
  );
}

/** Each parameter with its value before and after. */
function Values({ change: { before, after }, known }: { change: PresetChange; known: ParameterView[] | undefined }) {
  const names = [...new Set([...Object.keys(before?.parameters ?? {}), ...Object.keys(after?.parameters ?? {})])];
  const shown = (said: PresetChange["after"], name: string) => {
    const given = said?.parameters[name];
    return given === undefined ? undefined : showGiven(given, known?.find((each) => each.name === name)?.measure);
  };
  return (
    <span className={styles.values}>
      {names.map((name) => {
        const [old, now] = [shown(before, name), shown(after, name)];
        return (
          <span key={name}>
            {parameterName(name)}
            {t("ui.colon")}
            <Change before={old === now ? undefined : old} after={now} />
          </span>
        );
      })}
      {after && after.mode !== before?.mode && <ModeChip mode={after.mode} />}
    </span>
  );
}
