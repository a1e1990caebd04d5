import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { can } from "@/lib/can";
import { listed, say, t, text } from "@/lib/words";
import { Button, Chip, ListPage, RowLine, Tabs, useConfirm } from "@/ui";

import { type GrantView, type RoleView, useEndGrant, useGrants, useRoles } from "../api";
import { GiveForm } from "../parts/give-form";
import { periodOf, ScopeChip, subjectOf, whatOf } from "../parts/rights";
import { RolePanel } from "../parts/role-panel";

function RightsTabs() {
  return (
    <Tabs label={t("access.grants")}>
      <Link to="/admin/grants">{t("access.grants")}</Link>
      <Link to="/admin/roles">{t("access.roles")}</Link>
    </Tabs>
  );
}

/** 授权: who has what, where, from when to when, and from whom. */
export function GrantsPage() {
  const { q = "" } = useSearch({ strict: false });
  const navigate = useNavigate();
  const confirm = useConfirm();
  const grants = useGrants();
  const end = useEndGrant(t("access.ended"));
  const [giving, setGiving] = useState(false);
  const search = useCallback(
    (typed: string) => void navigate({ to: "/admin/grants", search: typed ? { q: typed } : {}, replace: true }),
    [navigate],
  );
  const askEnd = async (grant: GrantView) => {
    const question = { title: t("access.end_question", { name: subjectOf(grant), what: whatOf(grant) }), yes: t("access.end_grant"), danger: true };
    if (await confirm(question)) await end.run(grant.id);
  };
  const wanted = q.toLowerCase();
  return (
    <>
      <ListPage<GrantView>
        title={t("access.grants")}
        label={t("access.grants")}
        tabs={<RightsTabs />}
        tools={
          <Button type="primary" onClick={() => setGiving(true)}>
            {t("access.give")}
          </Button>
        }
        search={{ value: q, onChange: search, placeholder: t("access.search_grants") }}
        list={{
          items: grants.data?.filter((grant) => wordsOf(grant).toLowerCase().includes(wanted)),
          error: grants.data ? undefined : grants.error,
          retry: grants.refetch,
        }}
        rowKey={(grant) => grant.id}
        row={(grant) => (
          <RowLine
            name={`${subjectOf(grant)} · ${whatOf(grant)}`}
            lines={[periodOf(grant), grant.reason && t("access.grounds", { reason: grant.reason })]}
          >
            <ScopeChip grant={grant} />
            {can(grant, "end") && (
              <Button danger aria-label={t("access.end_of", { name: subjectOf(grant), what: whatOf(grant) })} onClick={() => void askEnd(grant)}>
                {t("access.end_grant")}
              </Button>
            )}
          </RowLine>
        )}
        empty={{ title: t("access.no_grants") }}
      />
      {giving && <GiveForm onClose={() => setGiving(false)} />}
    </>
  );
}

function wordsOf(grant: GrantView): string {
  return [subjectOf(grant), whatOf(grant), text(grant.place_name), grant.reason].join(" ");
}

/** 角色: bundles of permissions, in words. */
export function RolesPage() {
  const { role: open } = useSearch({ strict: false });
  const navigate = useNavigate();
  const roles = useRoles();
  const [adding, setAdding] = useState(false);
  const go = (role: string | undefined) => void navigate({ to: "/admin/roles", search: role ? { role } : {} });
  const chosen = roles.data?.find((role) => role.id === open);
  return (
    <>
      <ListPage<RoleView>
        title={t("access.roles")}
        label={t("access.roles")}
        tabs={<RightsTabs />}
        tools={
          <Button type="primary" onClick={() => setAdding(true)}>
            {t("access.add_role")}
          </Button>
        }
        list={{ items: roles.data, error: roles.data ? undefined : roles.error, retry: roles.refetch }}
        rowKey={(role) => role.id}
        row={(role) => (
          <RowLine
            name={text(role.name)}
            lines={[role.permissions.includes("*") ? t("access.every_permission") : listed(role.permissions.map((name) => say(name)))]}
          >
            {role.place_name && <Chip>{text(role.place_name)}</Chip>}
            {role.built_in && <Chip tone="accent">{t("access.built_in_role")}</Chip>}
          </RowLine>
        )}
        onOpen={(role) => go(role.id)}
        openKey={open}
        empty={{ title: t("access.no_roles") }}
      />
      {adding && <RolePanel onClose={() => setAdding(false)} />}
      {chosen && <RolePanel key={`${chosen.id}/${chosen.version}`} role={chosen} onClose={() => go(undefined)} />}
    </>
  );
}
