import { type KeyboardEvent, useId, useRef, useState } from "react";

import { t } from "@/lib/words";

import { Icon, type IconName } from "./icon";
import { Modal } from "./overlays";
import styles from "./palette.module.css";

export interface Command {
  id: string;
  label: string;
  /** Where it is from, or what it does. */
  hint?: string | undefined;
  icon: IconName;
  run: () => void;
}

interface PaletteProps {
  onClose: () => void;
  query: string;
  onQuery: (query: string) => void;
  /** What fits the query, best first. */
  commands: Command[];
  searching: boolean;
}

/** Ctrl/Cmd+K: one field that reaches everything. */
export function Palette({ onClose, query, onQuery, commands, searching }: PaletteProps) {
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const chosen = Math.min(at, commands.length - 1);

  const go = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = Math.min(commands.length - 1, Math.max(0, chosen + (event.key === "ArrowDown" ? 1 : -1)));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(commands[chosen]);
    }
  };

  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={560}
      style={{ top: 96 }}
      styles={{ container: { padding: 0 }, header: { margin: 0 } }}
      title={<span className="visually-hidden">{t("ui.search_anything")}</span>}
    >
      <div className={styles.field}>
        <Icon name="search" />
        <input
          // eslint-disable-next-line jsx-a11y/no-autofocus -- the palette is opened to type in it
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={commands[chosen] ? `${listId}-${chosen}` : undefined}
          aria-label={t("ui.search_anything")}
          placeholder={t("ui.search_anything")}
          value={query}
          onChange={(event) => {
            setAt(0);
            onQuery(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={t("ui.search_results")} className={styles.list}>
        {commands.map((command, index) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are handled by the combobox that owns the list
          <div
            key={command.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.option}
            onClick={() => go(command)}
            onMouseMove={() => setAt(index)}
          >
            <Icon name={command.icon} />
            <span className={styles.label}>{command.label}</span>
            {command.hint && <span className={styles.hint}>{command.hint}</span>}
          </div>
        ))}
      </div>
      {commands.length === 0 && <p className={styles.none}>{searching ? t("ui.searching") : t("ui.nothing_found", { q: query })}</p>}
    </Modal>
  );
}
