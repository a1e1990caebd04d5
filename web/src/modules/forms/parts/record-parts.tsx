import { type ComponentType, createContext } from "react";

import type { CaseInputProps } from "./case-parts";

export interface RecordParts {
  Input: ComponentType<CaseInputProps>;
  Value: ComponentType<{ ids: readonly string[] }>;
}

/** How entries of registers are chosen and named. Forms know none: whoever shows a form brings this. */
export const RecordPartsContext = createContext<RecordParts | undefined>(undefined);
