import { useState } from "react";

import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Button, Chip, Form, FormDialog, Input, ListPage, Modal, RowLine, Select, Switch, useAsked, useToast } from "@/ui";

import { type Endpoint, type EndpointSettings, useChangeEndpoint, useDeleteEndpoint, useEndpoints, useRegisterEndpoint, useRenewSecret, useTryEndpoint } from "../endpoints-api";
import { DeliveriesPanel } from "../parts/deliveries";
import { useManagedFlows } from "../api";
import styles from "./endpoints.module.css";

/** 外部系统: which flows may ask, where they are, and what was sent to them lately. A secret is shown once. */
export function EndpointsPage() {
  const endpoints = useEndpoints();
  const [registering, setRegistering] = useState(false);
  const [changing, setChanging] = useState<Endpoint>();
  const [looking, setLooking] = useState<Endpoint>();
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <ListPage<Endpoint>
        title={t("workflow.endpoints")}
        label={t("workflow.endpoints")}
        tools={
          <Button type="primary" onClick={() => setRegistering(true)}>
            {t("workflow.endpoint_register")}
          </Button>
        }
        list={{ items: endpoints.data?.items, error: endpoints.data ? undefined : endpoints.error, retry: endpoints.refetch }}
        rowKey={(endpoint) => endpoint.id}
        row={(endpoint) => (
          <Row
            endpoint={endpoint}
            onChange={() => setChanging(endpoint)}
            onLook={() => setLooking(endpoint)}
            onSecret={(made) => setSecret(made.secret ?? "")}
          />
        )}
        empty={{ title: t("workflow.endpoint_none"), hint: t("workflow.endpoint_none_hint") }}
      />
      {registering && (
        <RegisterForm
          onClose={() => setRegistering(false)}
          onMade={(made) => {
            setRegistering(false);
            setSecret(made.secret ?? "");
          }}
        />
      )}
      {changing && <ChangeForm key={changing.id} endpoint={changing} onClose={() => setChanging(undefined)} />}
      {looking && <DeliveriesPanel key={looking.id} endpoint={looking} onClose={() => setLooking(undefined)} />}
      {secret !== undefined && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  );
}

interface RowProps {
  endpoint: Endpoint;
  onChange: () => void;
  onLook: () => void;
  onSecret: (made: Endpoint) => void;
}

function Row({ endpoint, onChange, onLook, onSecret }: RowProps) {
  const trial = useTryEndpoint(t("workflow.endpoint_tried"));
  const { name, url, flows, enabled, events_to, old_secret_until: old } = endpoint;
  const remove = useAsked(useDeleteEndpoint(t("workflow.endpoint_deleted")), {
    title: t("workflow.endpoint_delete_question", { name }),
    body: t("workflow.endpoint_delete_hint"),
    yes: t("workflow.endpoint_delete"),
    danger: true,
  });
  const renew = useAsked(useRenewSecret(onSecret), {
    title: t("workflow.endpoint_secret_renew_question", { name }),
    body: t("workflow.endpoint_secret_renew_hint"),
    yes: t("workflow.endpoint_secret_renew"),
    danger: true,
  });
  return (
    <RowLine
      name={name}
      lines={[
        url,
        flows.length > 0 ? t("workflow.endpoint_flows_of", { n: flows.length }) : t("workflow.endpoint_flows_all"),
        t("workflow.endpoint_events_to", { path: window.location.origin + events_to }),
        old && isAhead(old) && t("workflow.endpoint_old_secret", { until: formatMoment(old) }),
      ]}
    >
      <Chip tone={enabled ? "good" : "plain"}>{t(enabled ? "workflow.endpoint_on" : "workflow.endpoint_off")}</Chip>
      <span className={styles.buttons}>
        <Button aria-label={t("workflow.endpoint_try_of", { name })} loading={trial.pending} onClick={() => void trial.run(endpoint).then(onLook)}>
          {t("workflow.endpoint_try")}
        </Button>
        <Button aria-label={t("workflow.endpoint_deliveries_of", { name })} onClick={onLook}>
          {t("workflow.endpoint_deliveries")}
        </Button>
        <Button aria-label={t("workflow.endpoint_change_of", { name })} onClick={onChange}>
          {t("workflow.endpoint_change")}
        </Button>
        <Button danger aria-label={t("workflow.endpoint_secret_renew_of", { name })} loading={renew.pending} onClick={() => void renew.run(endpoint)}>
          {t("workflow.endpoint_secret_renew")}
        </Button>
        <Button danger aria-label={t("workflow.endpoint_delete_of", { name })} loading={remove.pending} onClick={() => void remove.run(endpoint)}>
          {t("workflow.endpoint_delete")}
        </Button>
      </span>
    </RowLine>
  );
}

const isAhead = (moment: string) => Date.parse(moment) > Date.now();

type Entered = EndpointSettings & { name: string };

function RegisterForm({ onClose, onMade }: { onClose: () => void; onMade: (made: Endpoint) => void }) {
  const register = useRegisterEndpoint(t("workflow.endpoint_registered"), onMade);
  return (
    <FormDialog<Entered>
      title={t("workflow.endpoint_register")}
      submit={t("workflow.endpoint_register")}
      pending={register.pending}
      problem={register.problem}
      initial={{ enabled: true, flows: [] }}
      onSubmit={({ name, ...settings }) => void register.run({ name: name.trim(), ...settings })}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("workflow.endpoint_name")}
        extra={t("workflow.endpoint_name_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Input maxLength={40} />
      </Form.Item>
      <Fields />
    </FormDialog>
  );
}

function ChangeForm({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const change = useChangeEndpoint(endpoint, t("workflow.endpoint_changed"), onClose);
  const { name, url, flows, enabled } = endpoint;
  return (
    <FormDialog<EndpointSettings>
      title={t("workflow.endpoint_change_of", { name })}
      submit={t("workflow.endpoint_change")}
      pending={change.pending}
      problem={change.problem}
      initial={{ url, flows, enabled }}
      onSubmit={(entered) => void change.run(entered)}
      onClose={onClose}
    >
      <Fields />
    </FormDialog>
  );
}

function Fields() {
  const flows = useManagedFlows().data?.items ?? [];
  const names = new Map(flows.map((flow) => [flow.code, `${text(flow.name)} ${flow.code}`]));
  return (
    <>
      <Form.Item
        name="url"
        label={t("workflow.endpoint_address")}
        extra={t("workflow.endpoint_address_hint")}
        rules={[{ required: true, message: t("ui.required") }]}
      >
        <Input maxLength={500} inputMode="url" />
      </Form.Item>
      <Form.Item name="flows" label={t("workflow.endpoint_flows")} extra={t("workflow.endpoint_flows_hint")}>
        <Select mode="multiple" showSearch={{ optionFilterProp: "label" }} options={[...names].map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item name="enabled" label={t("workflow.endpoint_enabled")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const toast = useToast();
  return (
    // A tap beside it would close it, and what it says is never shown again.
    <Modal open title={t("workflow.endpoint_secret")} mask={{ closable: !secret }} onCancel={onClose} footer={null}>
      <p className={styles.meta}>{t(secret ? "workflow.endpoint_secret_hint" : "workflow.endpoint_secret_shown")}</p>
      {secret && <p className={styles.secret}>{secret}</p>}
      <div className={styles.noted}>
        {secret && "clipboard" in navigator && (
          <Button onClick={() => void navigator.clipboard.writeText(secret).then(() => toast.done(t("workflow.endpoint_secret_copied")))}>
            {t("workflow.endpoint_secret_copy")}
          </Button>
        )}
        <Button type="primary" onClick={onClose}>
          {t("workflow.endpoint_secret_noted")}
        </Button>
      </div>
    </Modal>
  );
}
