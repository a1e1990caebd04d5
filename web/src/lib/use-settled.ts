import { useEffect, useState } from "react";

/** The value once it has rested: for questions to the server while someone types. Until then what it was, or `first`. */
export function useSettled<T>(value: T, milliseconds: number, first: T = value): T {
  const [settled, setSettled] = useState(first);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
