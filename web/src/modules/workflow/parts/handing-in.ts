import { useState } from "react";

import type { Lack } from "./lacks";
import { jumpTo } from "./missing";

/**
 * 提交: what is missing is named and gone to, then the declaration is asked for, and only then is it handed in. `tried`: from
 * then on everything that is missing shows.
 */
export function useHandingIn(lacks: readonly Lack[], handIn: () => void) {
  const [confirmed, setConfirmed] = useState(false);
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    const first = lacks[0];
    if (first) jumpTo(first);
    else if (confirmed) handIn();
    else document.getElementById("accuracy")?.focus();
  };
  return { tried, send, bar: { lacks, tried, confirmed, onConfirmed: setConfirmed, onSubmit: send } };
}
