import { formatPoint } from "@/lib/time";
import { listed, say, t, text } from "@/lib/words";
import { Chip, ErrorState, Skeleton } from "@/ui";

import { type GrantView, type HeldPermission, usePermissionsOf } from "../api";
import styles from "./rights.module.css";

/** What a person may, each with the grants that are the reason. */
export function Rights({ person }: { person: string }) {
  const held = usePermissionsOf(person);
  if (held.error) return <ErrorState error={held.error} retry={held.refetch} />;
  if (!held.data) return <Skeleton rows={3} />;
  if (held.data.length === 0) return <p className={styles.meta}>{t("access.no_rights")}</p>;
  return (
    <ul className={styles.rights} aria-label={t("access.rights")}>
      {held.data.map((each) => (
        <li key={each.permission}>
          <details>
            <summary>
              <span className={styles.name}>{permissionOf(each.permission, each.because[0])}</span> <span className={styles.meta}>{reachIn(each.reach)}</span>
            </summary>
            <Chains because={each.because} />
          </details>
        </li>
      ))}
    </ul>
  );
}

/** 依据: the grants that are the reason, each with whom it was given to, over what, from when to when and by whom. */
export function Chains({ because }: { because: HeldPermission["because"] }) {
  return (
    <ul className={styles.chains} aria-label={t("access.because")}>
      {because.map((chain) => (
        <li key={chain.id}>
          <p>
            {subjectOf(chain)} · {whatOf(chain)} · {scopeOf(chain)}
          </p>
          <p className={styles.meta}>{periodOf(chain)}</p>
          {chain.reason && <p className={styles.meta}>{t("access.grounds", { reason: chain.reason })}</p>}
        </li>
      ))}
    </ul>
  );
}

function reachIn(reach: HeldPermission["reach"]): string {
  if (reach.everything) return say("access.scope.all");
  const places = [...reach.units, ...reach.departments].map((place) => text(place.name));
  return places.length > 0 ? listed(places) : say("access.scope.own");
}

/** The role or permission of a grant, in words. */
export function whatOf(grant: GrantView): string {
  return grant.what.kind === "role" ? text(grant.role_name) : permissionOf(grant.what.name, grant);
}

/** A permission over one thing only (`module.verb:thing`) is named with the thing. */
function permissionOf(name: string, grant: Pick<GrantView, "about"> | undefined): string {
  const [verb = name, thing] = name.split(":");
  return thing ? [say(verb), text(grant?.about)].join(t("ui.colon")) : say(verb);
}

/** To whom: of a post or a group, that it is one. */
export function subjectOf(grant: GrantView): string {
  const { kind } = grant.subject;
  if (kind === "everyone") return t("access.everyone");
  const name = text(grant.subject_name);
  return kind === "person" ? name : t(`access.of_${kind}`, { name });
}

export function scopeOf(grant: GrantView): string {
  return [text(grant.place_name), say(`access.scope.${grant.scope}`)].filter(Boolean).join(t("ui.colon"));
}

/** From when to when, and by whom it was given. */
export function periodOf(grant: GrantView): string {
  // What came with the product holds since ever.
  const from = Date.parse(grant.valid_from) > 0 ? t("access.from", { time: formatPoint(grant.valid_from) }) : "";
  const to = grant.valid_to ? t("access.until", { time: formatPoint(grant.valid_to) }) : t("access.no_end");
  const by = grant.granted_by ? t("access.given_by", { name: grant.granted_by.name }) : t("access.came_with_product");
  return [from, to, by].filter(Boolean).join(" · ");
}

export function ScopeChip({ grant }: { grant: GrantView }) {
  return <Chip tone={grant.scope === "all" ? "warn" : "plain"}>{scopeOf(grant)}</Chip>;
}
