import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";

import styles from "./menu-button.module.css";

export interface MenuItem {
  id: string;
  label: string;
  run: () => void;
  /** A line above it. */
  apart?: boolean;
}

/** How far it stands too far to the left: under a button at the left edge of a phone it would be cut off. */
const beyond = (left: number) => Math.max(0, 8 - left);

/** A button that opens a short menu; arrows move, Escape closes, a click elsewhere closes. */
export function MenuButton({ label, items, upwards = false, framed = false, children }: {
  label: string;
  items: MenuItem[];
  /** It stands at the bottom of the page. */
  upwards?: boolean;
  /** It looks like the buttons beside it. */
  framed?: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const choices = () => [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];

  useLayoutEffect(() => {
    if (menu.current) menu.current.style.right = `${-beyond(menu.current.getBoundingClientRect().left)}px`;
  }, [open]);

  useEffect(() => {
    if (!open) return undefined;
    choices()[0]?.focus();
    const elsewhere = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape") {
      setOpen(false);
      button.current?.focus();
      return;
    }
    if (event.key === "Tab") {
      setOpen(false);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = choices();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };

  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- it only hears the keys of the menu inside
    <div ref={box} className={styles.box} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className={framed ? styles.framed : styles.button}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div ref={menu} id={id} role="menu" aria-label={label} className={styles.menu} data-upwards={upwards || undefined}>
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={item.apart ? styles.apart : undefined}
              onClick={() => {
                setOpen(false);
                // What it opens goes back to where the focus was: that must still be there.
                button.current?.focus();
                item.run();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
