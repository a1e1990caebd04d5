import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Button, Checkbox, Chip, ErrorState, Facts, Filter, Form, FormDialog, Input, listOf, ListPage, Panel, Select, Skeleton, useConfirm } from "@/ui";
import { DateItem } from "@/ui/date";

import {
  type GroupView,
  type PersonRow,
  type UnitNode,
  useAddMember,
  useChangeGroup,
  useDissolveGroup,
  useFoundGroup,
  useGroups,
  useMembers,
  useRemoveMember,
  useUnits,
} from "../api";
import { BookTabs } from "../parts/book-tabs";
import { PersonPicker, whereabouts } from "../parts/person-picker";
import styles from "./groups.module.css";

/** 人员组: steering bodies and teams across departments; who may manage their unit keeps them. */
export function GroupsPage() {
  const { q = "", group: openId, only } = useSearch({ strict: false });
  const kind = only === "team" || only === "group" ? only : undefined;
  const list = listOf(useGroups(kind));
  const units = manageable(useUnits().data?.items ?? []);
  const [founding, setFounding] = useState(false);
  const navigate = useNavigate();
  const change = useCallback(
    (next: { q?: string | undefined; group?: string | undefined; only?: string | undefined }) =>
      void navigate({
        to: "/groups",
        search: Object.fromEntries(Object.entries({ q, only, ...next }).filter(([, value]) => value)),
        replace: !("group" in next),
      }),
    [navigate, q, only],
  );
  const open = list.items?.find((group) => group.id === openId);
  return (
    <>
      <ListPage<GroupView>
        title={t("directory.groups")}
        label={t("directory.groups")}
        tools={units.length > 0 ? <Button onClick={() => setFounding(true)}>{t("directory.group_found")}</Button> : undefined}
        tabs={<BookTabs />}
        search={{ value: q, onChange: useCallback((typed: string) => change({ q: typed }), [change]), placeholder: t("ui.search") }}
        filters={
          <Filter
            label={t("directory.group_kind")}
            value={kind}
            options={(["team", "group"] as const).map((value) => ({ value, label: t(`directory.only_${value}`) }))}
            onChange={(next) => change({ only: next })}
          />
        }
        list={{ ...list, items: list.items?.filter((group) => matches(group, q)) }}
        rowKey={(group) => group.id}
        row={(group) => (
          <span className={styles.row}>
            <span>
              {text(group.name)} {group.team && <Chip tone="accent">{t("directory.team")}</Chip>}
            </span>
            <span className={styles.count}>
              {group.team?.leader ? `${t("directory.team_led_by", { name: group.team.leader.name })} · ` : ""}{t("directory.n_people", { n: group.members })}
            </span>
          </span>
        )}
        onOpen={(group) => change({ group: group.id })}
        openKey={openId}
        empty={{ title: t("directory.no_groups"), hint: t("directory.no_groups_hint") }}
      />
      {open && <GroupPanel key={`${open.id}-${open.version}`} group={open} onClose={() => change({ group: undefined })} />}
      {founding && (
        <FoundGroup
          units={units}
          onClose={() => setFounding(false)}
          onFounded={(group) => {
            setFounding(false);
            change({ group: group.id });
          }}
        />
      )}
    </>
  );
}

function matches(group: GroupView, q: string): boolean {
  return [group.name.zh, group.name.en ?? ""].some((name) => name.toLowerCase().includes(q.toLowerCase()));
}

/** The units whose groups the reader may keep. */
function manageable(nodes: readonly UnitNode[]): { value: string; label: string }[] {
  return nodes.flatMap((node) => [
    ...(node.kind === "unit" && can(node, "manage") ? [{ value: node.id, label: text(node.name) }] : []),
    ...manageable(node.children),
  ]);
}

function GroupPanel({ group, onClose }: { group: GroupView; onClose: () => void }) {
  const members = listOf(useMembers(group.id));
  const may = can(group, "manage");
  const add = useAddMember(group.id, t("directory.group_added"));
  const remove = useRemoveMember(group.id, t("directory.group_removed"));
  const dissolve = useDissolveGroup(group, t("directory.group_dissolved"), onClose);
  const confirm = useConfirm();
  const [person, setPerson] = useState<string>();
  const name = text(group.name);
  const letGo = async (member: PersonRow) => {
    const question = t("directory.group_remove_ask", { name: member.name, group: name });
    if (await confirm({ title: question, yes: t("directory.group_remove", { name: member.name }) })) await remove.run(member.id);
  };
  const end = async () => {
    if (await confirm({ title: t("directory.group_dissolve_ask", { name }), yes: t("directory.group_dissolve"), danger: true })) {
      await dissolve.run();
    }
  };
  return (
    <Panel title={name} width={440} onClose={onClose}>
      {group.team && <TeamFacts group={group} />}
      <h3 className={styles.title}>{t("directory.group_members")}</h3>
      {may && (
        <div className={styles.add}>
          <PersonPicker
            multiple={false}
            aria-label={t("directory.pick_person")}
            value={person ? [person] : []}
            onChange={(chosen) => setPerson(chosen[0])}
          />
          <Button
            type="primary"
            disabled={!person}
            loading={add.pending}
            onClick={() => {
              if (person) void add.run(person).then((outcome) => outcome?.ok && setPerson(undefined));
            }}
          >
            {t("directory.group_add")}
          </Button>
        </div>
      )}
      {members.error ? (
        <ErrorState error={members.error} retry={members.retry} />
      ) : !members.items ? (
        <Skeleton rows={4} />
      ) : members.items.length === 0 ? (
        <p className={styles.count}>{t("directory.no_members")}</p>
      ) : (
        <ul className={styles.members} aria-label={t("directory.group_members")}>
          {members.items.map((member) => (
            <li key={member.id}>
              <span>
                {member.name} <span className={styles.count}>{whereabouts(member)}</span>
              </span>
              {may && (
                <Button
                  type="text"
                  aria-label={t("directory.group_remove", { name: member.name })}
                  loading={remove.pending}
                  onClick={() => void letGo(member)}
                >
                  ×
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {members.more && (
        <Button type="text" loading={members.loadingMore ?? false} onClick={() => void members.more?.()}>
          {t("ui.load_more")}
        </Button>
      )}
      {may && (
        <>
          <RenameGroup group={group} />
          {group.team && <ChangeTeam group={group} team={group.team} />}
          <Button className={styles.dissolve ?? ""} danger loading={dissolve.pending} onClick={() => void end()}>
            {t("directory.group_dissolve")}
          </Button>
        </>
      )}
    </Panel>
  );
}

interface Names {
  zh: string;
  en?: string;
}

const named = ({ zh, en }: Names) => ({ zh: zh.trim(), ...(en?.trim() ? { en: en.trim() } : {}) });

function NameFields() {
  return (
    <>
      <Form.Item name="zh" label={t("directory.group_name")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input />
      </Form.Item>
      <Form.Item name="en" label={t("directory.group_name_en")}>
        <Input />
      </Form.Item>
    </>
  );
}

function RenameGroup({ group }: { group: GroupView }) {
  const rename = useChangeGroup(group, t("directory.group_renamed"));
  return (
    <>
      <h3 className={styles.title}>{t("directory.group_rename")}</h3>
      <Form<Names>
        layout="vertical"
        requiredMark={false}
        initialValues={{ zh: group.name.zh, en: group.name.en ?? "" }}
        onFinish={(names) => void rename.run({ name: named(names) })}
      >
        <NameFields />
        <Button htmlType="submit" loading={rename.pending}>
          {t("directory.group_rename")}
        </Button>
      </Form>
    </>
  );
}

interface TeamEntered {
  leader: string[];
  purpose: string;
}

/** Who leads a team, what it is for, and until when. */
function TeamFacts({ group }: { group: GroupView }) {
  const lines: [string, string][] = [
    [t("directory.team_leader"), group.team?.leader?.name ?? t("directory.team_no_leader")],
    [t("directory.team_purpose"), group.team?.purpose ?? ""],
    [t("directory.team_unit"), text(group.unit_name)],
  ];
  if (group.valid_to) lines.push([t("directory.team_until"), formatMoment(group.valid_to)]);
  return <Facts items={lines} />;
}

function TeamFields() {
  return (
    <>
      <Form.Item name="leader" label={t("directory.team_leader")} rules={[{ required: true, message: t("ui.required") }]}>
        <LeaderItem />
      </Form.Item>
      <Form.Item name="purpose" label={t("directory.team_purpose")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={1000} />
      </Form.Item>
    </>
  );
}

/** `Form.Item` hands value and change to its only child. */
function LeaderItem({ value, onChange, ...rest }: { id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  return (
    <PersonPicker {...rest} aria-label={t("directory.team_leader")} multiple={false} value={value ?? []} onChange={(ids) => onChange?.(ids)} />
  );
}

function ChangeTeam({ group, team }: { group: GroupView; team: NonNullable<GroupView["team"]> }) {
  const change = useChangeGroup(group, t("directory.team_changed"));
  return (
    <>
      <h3 className={styles.title}>{t("directory.team_change")}</h3>
      <Form<TeamEntered>
        layout="vertical"
        requiredMark={false}
        initialValues={{ leader: team.leader ? [team.leader.id] : [], purpose: team.purpose }}
        onFinish={({ leader, purpose }) => void change.run({ purpose: purpose.trim(), ...(leader[0] ? { leader: leader[0] } : {}) })}
      >
        <TeamFields />
        <Button htmlType="submit" loading={change.pending}>
          {t("directory.team_change")}
        </Button>
      </Form>
    </>
  );
}

interface Founding extends Names, Partial<TeamEntered> {
  unit: string;
  team?: boolean;
  code?: string;
  to?: string;
}

function founded({ unit, team, leader, purpose, code, to, ...names }: Founding): Parameters<ReturnType<typeof useFoundGroup>["run"]>[0] {
  const group = { unit, name: named(names) };
  if (!team) return group;
  return {
    ...group,
    team: { leader: leader?.[0] ?? "", purpose: purpose?.trim() ?? "" },
    ...(code?.trim() ? { code: code.trim() } : {}),
    // The day that was chosen is its last.
    ...(to ? { to: new Date(`${to}T23:59:59.999`).toISOString() } : {}),
  };
}

interface FoundGroupProps {
  units: { value: string; label: string }[];
  onClose: () => void;
  onFounded: (group: GroupView) => void;
}

function FoundGroup({ units, onClose, onFounded }: FoundGroupProps) {
  const [team, setTeam] = useState(false);
  const found = useFoundGroup(t("directory.group_founded"), onFounded);
  return (
    <FormDialog<Founding>
      title={t("directory.group_found")}
      submit={t("ui.save")}
      pending={found.pending}
      problem={found.problem}
      initial={units[0] ? { unit: units[0].value } : {}}
      onSubmit={(entered) => void found.run(founded(entered))}
      onClose={onClose}
    >
      <Form.Item name="unit" label={t("directory.group_unit")} rules={[{ required: true, message: t("ui.required") }]}>
        <Select options={units} />
      </Form.Item>
      <NameFields />
      <Form.Item name="team" valuePropName="checked" extra={t("directory.team_hint")}>
        <Checkbox onChange={(event) => setTeam(event.target.checked)}>{t("directory.as_team")}</Checkbox>
      </Form.Item>
      {team && (
        <>
          <TeamFields />
          <Form.Item name="code" label={t("directory.group_code")}>
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item name="to" label={t("directory.team_until")}>
            <DateItem aria-label={t("directory.team_until")} />
          </Form.Item>
        </>
      )}
    </FormDialog>
  );
}
