import { Link } from "@tanstack/react-router";

import { can } from "@/lib/can";
import { t, text } from "@/lib/words";
import { Button, Chip, ErrorState, Facts, Form, Panel, Skeleton } from "@/ui";

import { type PersonView, useChangePerson, usePerson } from "../api";
import { ExternalMark } from "./external-mark";
import { ContactFields, NameField } from "./person-fields";
import styles from "./person-panel.module.css";

/** One person beside the list: how to reach him, what he is; and what may be changed of it. */
export function PersonPanel({ id, editable, onClose }: { id: string; editable: boolean; onClose: () => void }) {
  const person = usePerson(id);
  return (
    <Panel title={person.data?.name ?? ""} width={420} onClose={onClose}>
      {person.error ? (
        <ErrorState error={person.error} retry={person.refetch} />
      ) : !person.data ? (
        <Skeleton rows={5} />
      ) : (
        <>
          {person.data.external && (
            <p>
              <ExternalMark of={person.data} /> {t("directory.external_hint")}
            </p>
          )}
          <Facts
            items={[
              ...(person.data.number ? [[t("directory.number"), person.data.number] as [string, string]] : []),
              ...(person.data.rank ? [[t("directory.rank"), text(person.data.rank)] as [string, string]] : []),
              [t("directory.mobile"), <Dial key="mobile" number={person.data.phone} />],
              [t("directory.office_phone"), <Dial key="office" number={person.data.office_phone} />],
              [t("directory.email"), person.data.email ? <a href={`mailto:${person.data.email}`}>{person.data.email}</a> : "—"],
            ]}
          />
          {person.data.reporting_line.length > 0 && (
            <>
              <h3 className={styles.title}>{t("directory.reporting_line")}</h3>
              <p>{person.data.reporting_line.map((superior) => superior.name).join(" → ")}</p>
            </>
          )}
          {person.data.reports.length > 0 && (
            <>
              <h3 className={styles.title}>{t("directory.directs")}</h3>
              <p className={styles.names}>
                {person.data.reports.map((below) => (
                  <Link key={below.id} to="." search={(now) => ({ ...now, person: below.id })}>
                    {below.name}
                  </Link>
                ))}
              </p>
            </>
          )}
          <h3 className={styles.title}>{t("directory.appointments")}</h3>
          <ul className={styles.appointments}>
            {person.data.appointments.map((each) => (
              <li key={each.id}>
                <Link to="/organisation" search={{ place: each.place.id }}>
                  {[text(each.unit), text(each.department), text(each.post)].filter(Boolean).join(" · ")}
                </Link>
                <Chip tone={each.main ? "accent" : "plain"}>{t(each.main ? "directory.main" : "directory.concurrent")}</Chip>
              </li>
            ))}
          </ul>
          {person.data.groups.length > 0 && (
            <>
              <h3 className={styles.title}>{t("directory.see_groups")}</h3>
              <p className={styles.names}>
                {person.data.groups.map((group) => (
                  <Link key={group.id} to="/groups" search={{ group: group.id }}>
                    {text(group.name)}
                  </Link>
                ))}
              </p>
            </>
          )}
          {!person.data.ended && (
            <p className={styles.save}>
              <a href={`/api/v1/people/${person.data.id}/vcard`} download>
                {t("directory.save_cards")}
              </a>
            </p>
          )}
          {editable && can(person.data, "update") && <EditPerson key={person.data.version} person={person.data} />}
        </>
      )}
    </Panel>
  );
}

function Dial({ number }: { number: string | null | undefined }) {
  return number ? <a href={`tel:${number}`}>{number}</a> : <>—</>;
}

function EditPerson({ person }: { person: PersonView }) {
  const change = useChangePerson(person, t("directory.changed"), () => undefined);
  return (
    <>
      <h3 className={styles.title}>{t("directory.edit")}</h3>
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: person.name, mobile: person.phone ?? "", office_phone: person.office_phone ?? "", email: person.email ?? "" }}
        onFinish={(entered: { name: string; mobile: string; office_phone: string; email: string }) =>
          void change.run({
            name: entered.name.trim(),
            mobile: entered.mobile.trim() || null,
            office_phone: entered.office_phone.trim() || null,
            email: entered.email.trim() || null,
          })
        }
      >
        <NameField />
        <ContactFields office />
        <Button type="primary" htmlType="submit" loading={change.pending}>
          {t("ui.save")}
        </Button>
      </Form>
    </>
  );
}
