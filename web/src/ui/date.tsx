import { DatePicker, TimePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import "dayjs/locale/zh-cn";

import { usePhone } from "@/lib/use-media";
import { currentLocale } from "@/lib/words";

interface FieldProps {
  id?: string | undefined;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  status?: "error" | undefined;
  placeholder?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
}

function localized(value: Dayjs): Dayjs {
  return value.locale(currentLocale() === "en" ? "en" : "zh-cn");
}

/** A civil date as ISO text. */
export function DateField({ value, onChange, status, ...rest }: FieldProps) {
  const phone = usePhone();
  return (
    <DatePicker
      {...rest}
      {...(status ? { status } : {})}
      value={value ? localized(dayjs(value, "YYYY-MM-DD")) : null}
      format="YYYY-MM-DD"
      inputReadOnly={phone}
      style={{ width: "100%" }}
      onChange={(day: Dayjs | null) => onChange(day?.format("YYYY-MM-DD"))}
    />
  );
}

/** The same inside a form's item, which hands id, value and change to its only child. */
export function DateItem({ value, onChange, ...rest }: Partial<FieldProps>) {
  return <DateField {...rest} value={value} onChange={(day) => onChange?.(day)} />;
}

/** A time of day as `HH:MM`, to the half hour. */
export function TimeField({ value, onChange, status, ...rest }: FieldProps) {
  const phone = usePhone();
  return (
    <TimePicker
      {...rest}
      {...(status ? { status } : {})}
      value={value ? dayjs(`2000-01-01T${value}`) : null}
      format="HH:mm"
      minuteStep={30}
      needConfirm={false}
      inputReadOnly={phone}
      onChange={(time: Dayjs | null) => onChange(time?.format("HH:mm"))}
    />
  );
}
