import { t, text } from "@/lib/words";
import { Form, FormDialog, Select } from "@/ui";

import { type UnitNode, useJoin, usePosts } from "../api";
import { ContactFields, NameField } from "./person-fields";

interface Entered {
  name: string;
  place: string;
  post: string;
  mobile?: string;
  email?: string;
}

/** A unit or department, with the units whose posts apply in it. */
interface Choice {
  value: string;
  label: string;
  kind: "unit" | "department";
  units: string[];
}

interface JoinPersonProps {
  units: readonly UnitNode[];
  onClose: () => void;
  onJoined: (id: string) => void;
}

/** One person, of the house or of an external organisation, begins to serve in a post. Many come by an import. */
export function JoinPerson({ units, onClose, onJoined }: JoinPersonProps) {
  const [form] = Form.useForm<Entered>();
  const join = useJoin(t("directory.joined"), (person) => onJoined(person.id));
  const choices = places(units);
  const chosen = Form.useWatch("place", form) as string | undefined;
  const place = choices.find((choice) => choice.value === chosen);
  const known = usePosts().data?.pages.flatMap((page) => page.items) ?? [];
  const posts = known.filter((post) => place?.units.includes(post.unit)).map((post) => ({ value: post.id, label: text(post.name) }));
  const send = (entered: Entered) => {
    if (!place) return;
    const mobile = entered.mobile?.trim();
    const email = entered.email?.trim();
    void join.run({
      name: entered.name.trim(),
      post: entered.post,
      place: { kind: place.kind, id: place.value },
      ...(mobile ? { mobile } : {}),
      ...(email ? { email } : {}),
    });
  };
  const required = [{ required: true, whitespace: true, message: t("ui.required") }];
  return (
    <FormDialog<Entered>
      title={t("directory.join")}
      hint={t("directory.join_hint")}
      submit={t("directory.join")}
      pending={join.pending}
      problem={join.problem}
      form={form}
      onSubmit={send}
      onClose={onClose}
    >
      <NameField />
      <Form.Item name="place" label={t("directory.join_place")} rules={required}>
        <Select showSearch={{ optionFilterProp: "label" }} options={choices} onChange={() => form.setFieldValue("post", undefined)} />
      </Form.Item>
      <Form.Item name="post" label={t("directory.join_post")} rules={required}>
        <Select showSearch={{ optionFilterProp: "label" }} options={posts} />
      </Form.Item>
      <ContactFields />
    </FormDialog>
  );
}

/** Every unit and department, by the way that leads to it. */
function places(nodes: readonly UnitNode[], above = "", units: readonly string[] = []): Choice[] {
  return nodes.flatMap((node) => {
    const name = node.unit_kind === "external" ? `${text(node.name)}（${t("directory.external")}）` : text(node.name);
    const label = above ? `${above} / ${name}` : name;
    const own = node.kind === "unit" ? [...units, node.id] : [...units];
    return [{ value: node.id, label, kind: node.kind, units: own }, ...places(node.children, label, own)];
  });
}
