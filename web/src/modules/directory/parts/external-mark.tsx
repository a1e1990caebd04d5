import { t } from "@/lib/words";
import { Chip } from "@/ui";

/** 外部: stands behind the name of somebody who belongs to an external organisation. */
export function ExternalMark({ of }: { of: { external?: boolean | undefined } | undefined }) {
  if (!of?.external) return null;
  return (
    <>
      {" "}
      <Chip tone="warn">{t("directory.external")}</Chip>
    </>
  );
}
