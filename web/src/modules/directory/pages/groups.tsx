import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { can } from "@/lib/can";
import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { Button, Drawer, ErrorState, Form, Input, listOf, ListPage, Modal, Select, Skeleton, useConfirm } from "@/ui";

import {
  type GroupView,
  type PersonRow,
  type UnitNode,
  useAddMember,
  useDissolveGroup,
  useFoundGroup,
  useGroups,
  useMembers,
  useRemoveMember,
  useRenameGroup,
  useUnits,
} from "../api";
import { BookTabs } from "../parts/book-tabs";
import { PersonPicker, whereabouts } from "../parts/person-picker";
import styles from "./groups.module.css";

/** 人员组: steering bodies and teams across departments; who may manage their unit keeps them. */
export function GroupsPage() {
  const { q = "", group: openId } = useSearch({ strict: false });
  const list = listOf(useGroups());
  const units = manageable(useUnits().data?.items ?? []);
  const [founding, setFounding] = useState(false);
  const navigate = useNavigate();
  const change = useCallback(
    (next: { q?: string | undefined; group?: string | undefined }) =>
      void navigate({
        to: "/groups",
        search: Object.fromEntries(Object.entries({ q, ...next }).filter(([, value]) => value)),
        replace: !("group" in next),
      }),
    [navigate, q],
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
        list={{ ...list, items: list.items?.filter((group) => matches(group, q)) }}
        rowKey={(group) => group.id}
        row={(group) => (
          <span className={styles.row}>
            <span>{text(group.name)}</span>
            <span className={styles.count}>{t("directory.n_people", { n: group.members })}</span>
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
  const phone = usePhone();
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
    <Drawer open onClose={onClose} size={phone ? "100%" : 440} title={name} closable={{ "aria-label": t("ui.close") }}>
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
          <Button className={styles.dissolve ?? ""} danger loading={dissolve.pending} onClick={() => void end()}>
            {t("directory.group_dissolve")}
          </Button>
        </>
      )}
    </Drawer>
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
  const rename = useRenameGroup(group, t("directory.group_renamed"));
  return (
    <>
      <h3 className={styles.title}>{t("directory.group_rename")}</h3>
      <Form<Names>
        layout="vertical"
        requiredMark={false}
        initialValues={{ zh: group.name.zh, en: group.name.en ?? "" }}
        onFinish={(names) => void rename.run(named(names))}
      >
        <NameFields />
        <Button htmlType="submit" loading={rename.pending}>
          {t("directory.group_rename")}
        </Button>
      </Form>
    </>
  );
}

interface FoundGroupProps {
  units: { value: string; label: string }[];
  onClose: () => void;
  onFounded: (group: GroupView) => void;
}

function FoundGroup({ units, onClose, onFounded }: FoundGroupProps) {
  const [form] = Form.useForm<Names & { unit: string }>();
  const found = useFoundGroup(t("directory.group_founded"), onFounded);
  return (
    <Modal
      open
      title={t("directory.group_found")}
      onCancel={onClose}
      footer={
        <Button type="primary" loading={found.pending} onClick={() => form.submit()}>
          {t("ui.save")}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ unit: units[0]?.value }}
        onFinish={({ unit, ...names }) => void found.run({ unit, name: named(names) })}
      >
        <Form.Item name="unit" label={t("directory.group_unit")} rules={[{ required: true, message: t("ui.required") }]}>
          <Select options={units} />
        </Form.Item>
        <NameFields />
      </Form>
    </Modal>
  );
}
