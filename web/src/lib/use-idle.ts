import { useEffect, useRef } from "react";

import { readStored, writeStored } from "./stored";

const STORED = "hanlin.active_at";
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
const CHECK = 20_000;

/** Calls once when nobody has touched any of this browser's tabs for so many minutes. 0 or nothing: never. */
export function useIdle(minutes: number | undefined, onIdle: () => void): void {
  const latest = useRef(onIdle);
  useEffect(() => {
    latest.current = onIdle;
  });
  useEffect(() => {
    if (!minutes) return undefined;
    let noted = 0;
    const note = () => {
      // Written rarely: storage is slow, and a quarter minute is exact enough.
      if (Date.now() - noted < 15_000) return;
      noted = Date.now();
      writeStored(STORED, String(noted));
    };
    note();
    SIGNS.forEach((sign) => window.addEventListener(sign, note, { passive: true }));
    const timer = setInterval(() => {
      const active = Number(readStored(STORED) ?? noted);
      if (Date.now() - active < minutes * 60_000) return;
      clearInterval(timer);
      latest.current();
    }, CHECK);
    return () => {
      SIGNS.forEach((sign) => window.removeEventListener(sign, note));
      clearInterval(timer);
    };
  }, [minutes]);
}
