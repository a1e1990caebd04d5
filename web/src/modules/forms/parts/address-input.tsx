import { useQuery } from "@tanstack/react-query";

import { t } from "@/lib/words";
import { Cascader, Input } from "@/ui";

import { type Address, isAddress } from "../lib/places";
import { PRECISIONS } from "../lib/schema";
import type { Field } from "../model";
import styles from "./form-grid.module.css";

interface AddressInputProps {
  field: Field;
  id: string;
  value: unknown;
  onChange: (next: unknown) => void;
  label: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

interface Region {
  value: string;
  label: string;
  children?: Region[];
}

const REGION_PARTS = ["province", "city", "district"] as const;

/** 地址: the region in steps, by the division of the country; street and postcode as they are typed. */
export function AddressInput({ field, id, value, onChange, label, ...aria }: AddressInputProps) {
  const address: Address = isAddress(value) ? value : {};
  const precision = field.precision ?? "street";
  const steps = Math.min(PRECISIONS.indexOf(precision) + 1, REGION_PARTS.length);
  const regions = useRegions(steps);
  const way = REGION_PARTS.map((part) => address[part]).filter((part) => part !== undefined);
  const change = (parts: Address) => {
    const next = Object.fromEntries(Object.entries({ ...address, ...parts }).filter(([, part]) => part !== undefined && part !== ""));
    onChange(Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <div className={styles.address} role="group" aria-label={label}>
      <Cascader
        id={id}
        {...aria}
        className={styles.list ?? ""}
        aria-label={`${label} ${t("forms.region")}`}
        options={regions}
        value={way}
        placeholder={t("forms.choose_region")}
        showSearch
        onChange={(chosen) => {
          const [province, city, district] = (Array.isArray(chosen) ? chosen : []);
          change({ province, city, district });
        }}
      />
      {precision === "street" && (
        <>
          <Input
            aria-label={`${label} ${t("forms.street")}`}
            placeholder={t("forms.street")}
            autoComplete="street-address"
            maxLength={200}
            value={address.street ?? ""}
            onChange={(event) => change({ street: event.target.value })}
          />
          <Input
            className={styles.postcode ?? ""}
            aria-label={`${label} ${t("forms.postcode")}`}
            placeholder={t("forms.postcode")}
            autoComplete="postal-code"
            inputMode="numeric"
            maxLength={6}
            value={address.postcode ?? ""}
            onChange={(event) => change({ postcode: event.target.value })}
          />
        </>
      )}
    </div>
  );
}

/** The division of the country, fetched when somebody is to choose of it. It is kept by names, as paper has them. */
function useRegions(steps: number): Region[] {
  const { data } = useQuery({
    queryKey: ["forms", "regions"],
    queryFn: async () => (await import("@vant/area-data")).useCascaderAreaData(),
    staleTime: Infinity,
  });
  return regionsOf(data ?? [], steps);
}

interface Division {
  text: string;
  children?: Division[];
}

function regionsOf(divisions: readonly Division[], steps: number): Region[] {
  return divisions.map(({ text, children }) => ({
    value: text,
    label: text,
    ...(children?.length && steps > 1 ? { children: regionsOf(children, steps - 1) } : {}),
  }));
}
