import { type ComponentType, createContext } from "react";

import type { Field } from "../model";

export interface CaseInputProps {
  field: Field;
  id: string;
  value: readonly string[];
  onChange: (ids: string[]) => void;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

export interface CaseParts {
  Input: ComponentType<CaseInputProps>;
  Value: ComponentType<{ ids: readonly string[] }>;
}

/** How cases are chosen and named. Forms lie below cases and know none: whoever shows a form brings this. */
export const CasePartsContext = createContext<CaseParts | undefined>(undefined);
