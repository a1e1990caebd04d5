import { useGroups, usePosts } from "@/modules/directory/api";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t, text } from "@/lib/words";
import { Form, Radio, Select } from "@/ui";

import { type Subject, useMe } from "../api";

interface SubjectPickerProps {
  value: Subject | undefined;
  onChange: (subject: Subject | undefined) => void;
  kind: Subject["kind"];
  onKind: (kind: Subject["kind"]) => void;
}

/** 授予: a person, the holders of a post, the members of a group; everybody only by who may grant everywhere. */
export function SubjectPicker({ value, onChange, kind, onKind }: SubjectPickerProps) {
  const everywhere = useMe()?.class === "system";
  const kinds: Subject["kind"][] = everywhere ? ["person", "post", "group", "everyone"] : ["person", "post", "group"];
  return (
    <>
      <Form.Item label={t("access.to")}>
        <Radio.Group
          value={kind}
          options={kinds.map((each) => ({ value: each, label: t(`access.to_${each}`) }))}
          onChange={({ target }) => {
            const chosen = target.value as Subject["kind"];
            onKind(chosen);
            onChange(chosen === "everyone" ? { kind: "everyone" } : undefined);
          }}
        />
      </Form.Item>
      {kind === "person" && (
        <Form.Item label={t("access.to_person")}>
          <PersonPicker
            aria-label={t("access.to_person")}
            value={idOf(value)}
            onChange={([id]) => onChange(id ? { kind: "person", id } : undefined)}
            multiple={false}
          />
        </Form.Item>
      )}
      {kind === "post" && <PostPicker value={idOf(value)[0]} onChange={(id) => onChange(id ? { kind: "post", id } : undefined)} />}
      {kind === "group" && <GroupPicker value={idOf(value)[0]} onChange={(id) => onChange(id ? { kind: "group", id } : undefined)} />}
    </>
  );
}

function idOf(subject: Subject | undefined): string[] {
  return subject && subject.kind !== "everyone" ? [subject.id] : [];
}

interface PickerProps {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

function PostPicker({ value, onChange }: PickerProps) {
  const posts = usePosts();
  const options = (posts.data?.pages.flatMap((page) => page.items) ?? []).map((post) => ({ value: post.id, label: text(post.name) }));
  return (
    <Form.Item label={t("access.to_post")} extra={t("access.to_post_hint")}>
      <Select
        aria-label={t("access.to_post")}
        value={value ?? null}
        loading={posts.isFetching}
        showSearch={{ optionFilterProp: "label" }}
        options={options}
        onChange={(id: string | null) => onChange(id ?? undefined)}
      />
    </Form.Item>
  );
}

function GroupPicker({ value, onChange }: PickerProps) {
  const groups = useGroups();
  const options = (groups.data?.pages.flatMap((page) => page.items) ?? []).map((group) => ({ value: group.id, label: text(group.name) }));
  return (
    <Form.Item label={t("access.to_group")} extra={t("access.to_group_hint")}>
      <Select
        aria-label={t("access.to_group")}
        value={value ?? null}
        loading={groups.isFetching}
        showSearch={{ optionFilterProp: "label" }}
        options={options}
        onChange={(id: string | null) => onChange(id ?? undefined)}
      />
    </Form.Item>
  );
}
