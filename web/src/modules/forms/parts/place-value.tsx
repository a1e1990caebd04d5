import { formatInstant } from "@/lib/time";
import { t } from "@/lib/words";

import type { Address, Location } from "../lib/places";
import styles from "./form-grid.module.css";

/** As an envelope has it: a city that is its own province is named once. */
export function AddressValue({ address }: { address: Address }) {
  const { province, city, district, street, postcode } = address;
  const region = [province, city === province ? undefined : city, district].filter(Boolean).join("");
  return (
    <>
      {[region, street].filter(Boolean).join(" ")}
      {postcode && <span className={styles.aside}> {postcode}</span>}
    </>
  );
}

/** Marked as taken by a device: nobody typed it. */
export function LocationValue({ location: { latitude, longitude, accuracy, taken_at } }: { location: Location }) {
  return (
    <span>
      {t("forms.location_of", { latitude, longitude })}
      <span className={styles.capitals}>{t("forms.location_taken", { time: formatInstant(taken_at), accuracy: Number(accuracy) })}</span>
    </span>
  );
}
