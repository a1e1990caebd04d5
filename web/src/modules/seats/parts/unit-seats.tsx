import { useEffect, useState } from "react";

import { can } from "@/lib/can";
import { clauseName } from "@/lib/clause";
import { formatPoint } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { usePerson } from "@/modules/directory/api";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { Button, Chip, ErrorState, Form, FormDialog, Input, Skeleton, useConfirm } from "@/ui";

import { type SeatKind, type SeatsOfKind, type SeatView, type UnitSeats as Unit, useEndSeat, useNameSeat, useUnitSeats } from "../api";
import styles from "./seats.module.css";

/** What a unit is short of, in chips. */
export function Vacancies({ unit }: { unit: Unit }) {
  const short = unit.kinds.filter((kind) => kind.vacant > 0);
  if (short.length === 0) return <Chip tone="good">{t("seats.full")}</Chip>;
  return short.map((kind) => (
    <Chip key={kind.kind} tone="warn">
      {t("seats.vacant", { kind: t(`seats.${kind.kind}`), n: kind.vacant, time: kind.vacant_since ? formatPoint(kind.vacant_since) : "" })}
    </Chip>
  ));
}

interface Naming {
  kind: SeatKind;
  follows?: SeatView;
}

/** One unit's seats: who has them, who follows whom, and every registration there was. */
export function UnitSeats({ unit }: { unit: string }) {
  const seats = useUnitSeats(unit);
  const [naming, setNaming] = useState<Naming>();
  if (seats.error && !seats.data) return <ErrorState error={seats.error} retry={seats.refetch} />;
  if (!seats.data) return <Skeleton rows={6} />;
  const may = can(seats.data, "name");
  return (
    <>
      {seats.data.kinds.map((kind) => (
        <OfKind key={kind.kind} kind={kind} may={may} onName={setNaming} />
      ))}
      <h3 className={styles.title}>{t("seats.history")}</h3>
      {seats.data.ever.length === 0 ? (
        <p className={styles.hint}>{t("seats.no_history")}</p>
      ) : (
        <ul className={styles.seats} aria-label={t("seats.history")}>
          {seats.data.ever.map((seat) => (
            <li key={seat.id}>
              <Seat seat={seat} dated />
            </li>
          ))}
        </ul>
      )}
      {naming && <NameSeat key={`${naming.kind}-${naming.follows?.id ?? ""}`} unit={unit} {...naming} onClose={() => setNaming(undefined)} />}
    </>
  );
}

function OfKind({ kind, may, onName }: { kind: SeatsOfKind; may: boolean; onName: (naming: Naming) => void }) {
  const confirm = useConfirm();
  const end = useEndSeat(t("seats.ended"));
  const label = t(`seats.${kind.kind}`);
  const takeOff = async (seat: SeatView) => {
    const yes = await confirm({ title: t("seats.end_ask", { name: seat.person.name }), yes: t("seats.end"), danger: true });
    if (yes) await end.run(seat.id);
  };
  const room = kind.kind === "operator" || kind.seats.length < Math.max(kind.required, 1);
  return (
    <>
      <h3 className={styles.title}>
        {label}
        <span className={styles.hint}>
          {kind.required_by ? t("seats.required_by", { n: kind.required, clause: clauseName(kind.required_by) }) : t("seats.required", { n: kind.required })}
        </span>
        {kind.vacant > 0 && kind.vacant_since && (
          <Chip tone="warn">{t("seats.vacant_here", { n: kind.vacant, time: formatPoint(kind.vacant_since) })}</Chip>
        )}
      </h3>
      {kind.seats.length > 0 && (
        <ul className={styles.seats} aria-label={label}>
          {kind.seats.map((seat) => (
            <li key={seat.id}>
              <Seat seat={seat} />
              {may && (
                <span className={styles.acts}>
                  <Button type="text" aria-label={t("seats.change_of", { name: seat.person.name })} onClick={() => onName({ kind: kind.kind, follows: seat })}>
                    {t("seats.change")}
                  </Button>
                  <Button type="text" danger aria-label={t("seats.end_of", { name: seat.person.name })} loading={end.pending} onClick={() => void takeOff(seat)}>
                    {t("seats.end")}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {may && room && (
        <Button aria-label={t("seats.name_kind", { kind: label })} onClick={() => onName({ kind: kind.kind })}>
          {t("seats.name")}
        </Button>
      )}
    </>
  );
}

function Seat({ seat, dated = false }: { seat: SeatView; dated?: boolean }) {
  const because = seat.ended_because ? t(`seats.because.${seat.ended_because}`) : "";
  const times = [
    t("seats.since", { time: formatPoint(seat.valid_from) }),
    dated && seat.valid_to && t("seats.until", { time: formatPoint(seat.valid_to), because }),
    dated && seat.registered_by && t("seats.registered_by", { name: seat.registered_by.name, time: formatPoint(seat.registered_at) }),
  ];
  return (
    <span className={styles.who}>
      <span>
        {seat.person.name} {dated && <span className={styles.hint}>{t(`seats.${seat.kind}`)}</span>}
      </span>
      <span className={styles.hint}>{[seat.post, seat.contact].join(" · ")}</span>
      <span className={styles.hint}>{times.filter(Boolean).join(" · ")}</span>
    </span>
  );
}

interface Entered {
  person: string[];
  post: string;
  contact: string;
}

/** Name, post and contact are all registered; what the address book knows is filled in. */
function NameSeat({ unit, kind, follows, onClose }: Naming & { unit: string; onClose: () => void }) {
  const [form] = Form.useForm<Entered>();
  const [chosen, setChosen] = useState<string>();
  const name = useNameSeat(unit, t("seats.named"), onClose);
  const card = usePerson(chosen).data;
  const known = card?.id === chosen ? card : undefined;
  const required = (message: string) => [{ required: true, whitespace: true, message }];
  const send = ({ person, post, contact }: Entered) =>
    void name.run({
      kind,
      person: person[0] ?? "",
      post: post.trim(),
      contact: contact.trim(),
      ...(follows ? { instead_of: follows.id } : {}),
    });
  const fault = (field: string) => {
    const refused = name.problem?.fields.find((each) => each.field === field);
    return refused ? { validateStatus: "error" as const, help: say(refused.code, refused.args) } : {};
  };
  // What his card says is filled in when somebody is chosen, and can be written otherwise.
  useEffect(() => {
    if (known) form.setFieldsValue({ post: text(known.post), contact: known.phone ?? known.office_phone ?? known.email ?? "" });
  }, [form, known]);
  return (
    <FormDialog<Entered>
      title={t("seats.name_kind", { kind: t(`seats.${kind}`) })}
      hint={follows && t("seats.successor_of", { name: follows.person.name })}
      submit={t("seats.name")}
      pending={name.pending}
      form={form}
      onSubmit={send}
      onClose={onClose}
    >
      <Form.Item name="person" label={t("seats.person")} rules={[{ required: true, message: t("ui.required") }]}>
        <Person onChosen={setChosen} />
      </Form.Item>
      <Form.Item name="post" label={t("seats.post")} rules={required(t("ui.required"))} {...fault("post")}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="contact" label={t("seats.contact")} rules={required(t("ui.required"))} {...fault("contact")}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}

/** `Form.Item` hands value and change to its only child. */
function Person({ value, onChange, onChosen, ...rest }: {
  id?: string;
  value?: string[];
  onChange?: (ids: string[]) => void;
  onChosen: (id: string | undefined) => void;
}) {
  return (
    <PersonPicker
      {...rest}
      aria-label={t("seats.person")}
      multiple={false}
      value={value ?? []}
      onChange={(ids) => {
        onChange?.(ids);
        onChosen(ids[0]);
      }}
    />
  );
}
