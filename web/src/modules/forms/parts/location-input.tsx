import { useState } from "react";

import { t } from "@/lib/words";
import { Button, Icon } from "@/ui";

import { isLocation, type Location } from "../lib/places";
import styles from "./form-grid.module.css";
import { LocationValue } from "./place-value";

interface LocationInputProps {
  id: string;
  value: unknown;
  onChange: (next: unknown) => void;
  "aria-describedby"?: string | undefined;
}

/** Longest that the device may think. */
const PATIENCE = 20_000;

/** 定位: taken from the device, never typed. What is told is what the device said, with how exact it is and when. */
export function LocationInput({ id, value, onChange, ...aria }: LocationInputProps) {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string>();
  const taken = isLocation(value) ? value : undefined;

  const take = () => {
    const refusal = unavailable();
    setFailure(refusal);
    if (refusal !== undefined) return;
    setAsking(true);
    navigator.geolocation.getCurrentPosition(
      (position) => {
        setAsking(false);
        onChange(locationOf(position));
      },
      (error) => {
        setAsking(false);
        setFailure(t(error.code === 1 ? "forms.location_denied" : error.code === 3 ? "forms.location_slow" : "forms.location_missing"));
      },
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 },
    );
  };

  return (
    <div className={styles.location}>
      {taken && <LocationValue location={taken} />}
      <Button id={id} {...aria} icon={<Icon name="dot" size={14} />} loading={asking} onClick={take}>
        {t(taken ? "forms.location_again" : "forms.location_take")}
      </Button>
      {taken && (
        <Button type="text" aria-label={t("forms.location_remove")} icon={<Icon name="cross" size={14} />} onClick={() => onChange(undefined)} />
      )}
      {failure && (
        <p className={styles.error} role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}

/** Why no position can be taken here, in words. Browsers tell it over encrypted connections only. */
function unavailable(): string | undefined {
  if (!window.isSecureContext) return t("forms.location_insecure");
  return "geolocation" in navigator ? undefined : t("forms.location_unknown");
}

/** As the form keeps it: degrees with six places, whole metres, seconds in universal time. */
function locationOf({ coords, timestamp }: GeolocationPosition): Location {
  return {
    latitude: degrees(coords.latitude),
    longitude: degrees(coords.longitude),
    accuracy: String(Math.ceil(coords.accuracy)),
    taken_at: new Date(timestamp).toISOString().replace(/\.[0-9]+Z$/, "Z"),
  };
}

function degrees(number: number): string {
  return number.toFixed(6).replace(/\.?0+$/, "").replace(/^-0$/, "0");
}
