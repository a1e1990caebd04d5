/**
 * The contract by hand, in the very shape of the generated file, until `schema.gen.ts` exists.
 * `client.ts` is the only importer.
 */

type Json<T> = { headers: Record<string, unknown>; content: { "application/json": T } };
type Empty = { headers: Record<string, unknown>; content?: never };
type Parameters<Path, Query> = ([Path] extends [never] ? { path?: never } : { path: Path }) & {
  query?: Query;
  header?: Record<string, string>;
  cookie?: never;
};
type Read<Answer, Path = never, Query = never> = {
  parameters: Parameters<Path, Query>;
  requestBody?: never;
  responses: { 200: Json<Answer> };
};
type Write<Answer, Body = never, Path = never> = ([Body] extends [never]
  ? { requestBody?: never }
  : { requestBody: { content: { "application/json": Body } } }) & {
  parameters: Parameters<Path, never>;
  responses: [Answer] extends [never] ? { 204: Empty } : { 200: Json<Answer> };
};
type Id = { id: string };
type PageOf<T> = { items: T[]; next?: string | null };

export interface components {
  schemas: {
    Text: { zh: string; en?: string | null };
    PersonName: { id: string; name: string };
    Can: string[];

    SetupNeeded: { needed: boolean; sample: boolean };
    SetUp: { token: string; organisation: string; name: string; login: string; password: string };
    SignIn: { login: string; password: string };
    ChangePassword: { current: string; new: string };
    PasswordChanged: { advice: string[] };
    Place: { id: string; name: components["schemas"]["Text"] };
    Me: {
      person: components["schemas"]["PersonName"];
      login: string;
      class: "business" | "key" | "system";
      appointments: components["schemas"]["MyAppointment"][];
      appointment?: string | null;
      permissions: string[];
      locale: "zh-CN" | "en";
      must_change_password: boolean;
      password_expires_at?: string | null;
      sample: boolean;
      idle_minutes: number;
    };
    MyAppointment: {
      id: string;
      unit: components["schemas"]["Place"];
      department?: components["schemas"]["Place"] | null;
      post: components["schemas"]["Place"];
      main: boolean;
    };
    SessionRow: { id: string; current: boolean; started_at: string; seen_at: string; address: string; device: string };
    SignInRow: {
      at: string;
      login: string;
      person?: components["schemas"]["PersonName"] | null;
      succeeded: boolean;
      result: string;
      address: string;
      device: string;
    };

    Counts: { waiting: number; copied_unread: number; drafts: number; notifications_unread: number };
    DecisiveFact: { label: components["schemas"]["Text"]; kind: string; value: unknown };
    Purpose: "approve" | "handle" | "revise" | "assign";
    Status: "draft" | "running" | "completed" | "rejected" | "withdrawn";
    Stage: "draft" | "submitted" | "in_handling" | "at_initiator" | "closed";
    TaskRow: {
      id: string;
      case_id: string;
      number: string;
      title: string;
      flow_name: components["schemas"]["Text"];
      initiator: components["schemas"]["PersonName"];
      facts: components["schemas"]["DecisiveFact"][];
      node_name: components["schemas"]["Text"];
      purpose: components["schemas"]["Purpose"];
      arrived_at: string;
      unread: boolean;
    };
    CaseRow: {
      id: string;
      number: string;
      title: string;
      flow_name: components["schemas"]["Text"];
      initiator: components["schemas"]["PersonName"];
      facts: components["schemas"]["DecisiveFact"][];
      status: components["schemas"]["Status"];
      stage: components["schemas"]["Stage"];
      submitted_at: string;
      updated_at: string;
      at: string;
      unread: boolean;
      must_read: boolean;
      waiting_for: components["schemas"]["PersonName"][];
    };
    Content: { values: Record<string, unknown>; choices?: Record<string, string[]>; appointment?: string | null };
    NewDraft: components["schemas"]["Content"] & { flow: string };
    Draft: components["schemas"]["Content"] & {
      id: string;
      flow: string;
      flow_name: components["schemas"]["Text"];
      version: number;
      updated_at: string;
    };
    FlowCard: { id: string; code: string; name: components["schemas"]["Text"]; category: string; number: number };

    FieldType: "text" | "long_text" | "number" | "money" | "date" | "period" | "choice" | "choices" | "person" | "attachment";
    Choice: { id: string; label: components["schemas"]["Text"] };
    Field: {
      id: string;
      label: components["schemas"]["Text"];
      type: components["schemas"]["FieldType"];
      required?: boolean;
      required_when?: string | null;
      visible_when?: string | null;
      computed?: string | null;
      hint?: components["schemas"]["Text"] | null;
      indexed?: boolean;
      max_length?: number | null;
      format?: "mobile" | "email" | "id_number" | "digits" | "letters" | null;
      pattern?: string | null;
      min?: string | null;
      max?: string | null;
      scale?: number | null;
      unit?: components["schemas"]["Text"] | null;
      currency?: string | null;
      earliest?: string | null;
      latest?: string | null;
      granularity?: "day" | "half_day" | "hour" | null;
      options?: components["schemas"]["Choice"][];
      multiple?: boolean;
      max_count?: number | null;
    };
    Cell:
      | { field: string; span?: number | null }
      | { text: components["schemas"]["Text"]; span?: number | null }
      | { opinions: string; label: components["schemas"]["Text"]; span?: number | null };
    Form: {
      fields: components["schemas"]["Field"][];
      layout: { columns: number; rows: components["schemas"]["Cell"][][] };
      declaration?: components["schemas"]["Text"] | null;
    };
    Right: "hidden" | "read" | "write" | "required";
    Rights: { others?: components["schemas"]["Right"]; fields?: Record<string, components["schemas"]["Right"]> };

    Initiator: {
      person: string;
      on_behalf_of?: string | null;
      appointment?: string | null;
      unit?: string | null;
      department?: string | null;
      post?: string | null;
      rank?: string | null;
      rank_level?: number | null;
      name?: string;
    };
    ChoiceView: {
      node: string;
      name: components["schemas"]["Text"];
      min: number;
      max?: number | null;
      candidates?: components["schemas"]["PersonName"][] | null;
    };
    StartView: {
      flow: components["schemas"]["FlowCard"];
      form: components["schemas"]["Form"];
      rights: components["schemas"]["Rights"];
      initiator: components["schemas"]["Initiator"];
      choices: components["schemas"]["ChoiceView"][];
      declaration: components["schemas"]["Text"];
    };
    Why: { code: string } & Record<string, unknown>;
    Acting: { person: string; on_behalf_of?: string | null };
    TaskState:
      | { state: "waiting" | "open" | "suspended" }
      | { state: "closed"; at: string; by?: components["schemas"]["Acting"] | null; how: { code: string } & Record<string, unknown> };
    StepPerson: {
      person: string;
      why: components["schemas"]["Why"][];
      turn: number;
      task?: number | null;
      state?: components["schemas"]["TaskState"] | null;
      read_at?: string | null;
    };
    LeftOut: { person?: string | null; why?: components["schemas"]["Why"][]; because: string };
    Step: {
      when: "past" | "present" | "future";
      kind: "start" | "approve" | "handle" | "copy" | "branch";
      node: string;
      name?: components["schemas"]["Text"] | null;
      activation?: number | null;
      round: number;
      superseded: boolean;
      suspended: boolean;
      quorum?: string | null;
      people: components["schemas"]["StepPerson"][];
      left_out?: components["schemas"]["LeftOut"][];
      branch?: string | null;
      end?: string | null;
      depends_on?: string[];
      choose?: { min: number; max?: number | null } | null;
      opened_at?: string | null;
      closed_at?: string | null;
    };
    Alternative: { branch: string; name?: components["schemas"]["Text"] | null; route: components["schemas"]["Route"] };
    Fork: {
      node: string;
      name: components["schemas"]["Text"];
      depends_on: string[];
      branches: components["schemas"]["Alternative"][];
      more: boolean;
    };
    Route: { steps: components["schemas"]["Step"][]; fork?: components["schemas"]["Fork"] | null };
    PredictionAsked: { values: Record<string, unknown>; choices?: Record<string, string[]>; appointment?: string | null };
    PredictionView: {
      route: components["schemas"]["Route"];
      values: Record<string, unknown>;
      people: Record<string, components["schemas"]["PersonName"]>;
    };
    NewCase: {
      flow: string;
      values: Record<string, unknown>;
      choices?: Record<string, string[]>;
      appointment?: string | null;
      confirmed?: boolean;
      draft?: string | null;
    };
    Done: { id: string };
    Verdict: "approved" | "rejected" | "returned" | "completed" | "resubmitted" | "withdrawn" | "commented" | "handed_over";
    OpinionView: {
      node?: string | null;
      node_name?: components["schemas"]["Text"] | null;
      person: string;
      on_behalf_of?: string | null;
      verdict: components["schemas"]["Verdict"];
      text: string;
      attachments: string[];
      at: string;
    };
    ReturnTarget: { node: string; name: components["schemas"]["Text"] };
    AfterReturn: "walk_again" | "straight_back";
    TaskView: {
      id: string;
      node: string;
      node_name: components["schemas"]["Text"];
      purpose: components["schemas"]["Purpose"];
      why: components["schemas"]["Why"][];
      opened_at?: string | null;
      can: components["schemas"]["Can"];
      words_to_agree: number;
      return_targets: components["schemas"]["ReturnTarget"][];
      after_return?: components["schemas"]["AfterReturn"] | null;
      rights: components["schemas"]["Rights"];
    };
    CopyView: {
      person: string;
      must_read: boolean;
      why: components["schemas"]["Why"][];
      sent_at: string;
      read_at?: string | null;
    };
    CaseView: {
      id: string;
      number: string;
      title: string;
      flow: string;
      flow_name: components["schemas"]["Text"];
      status: components["schemas"]["Status"];
      stage: components["schemas"]["Stage"];
      initiator: components["schemas"]["Initiator"];
      submitted_at?: string | null;
      finished_at?: string | null;
      form: components["schemas"]["Form"];
      rights: components["schemas"]["Rights"];
      values: Record<string, unknown>;
      choices: Record<string, string[]>;
      opinions: components["schemas"]["OpinionView"][];
      route: components["schemas"]["Route"];
      tasks: components["schemas"]["TaskView"][];
      seen: { no: number; seen_at: string }[];
      copies: components["schemas"]["CopyView"][];
      urges: { person: string; at: string; channel: string }[];
      can: components["schemas"]["Can"];
      people: Record<string, components["schemas"]["PersonName"]>;
      files: Record<string, components["schemas"]["File"]>;
      version: number;
    };
    Decision: { text?: string; attachments?: string[]; values?: Record<string, unknown> };
    Said: { text?: string; attachments?: string[] };
    Return: { to?: string | null; then?: components["schemas"]["AfterReturn"] | null; text?: string; attachments?: string[] };
    Resubmission: {
      values?: Record<string, unknown>;
      choices?: Record<string, string[]> | null;
      confirmed?: boolean;
      text?: string;
      attachments?: string[];
    };
    FlowState: "draft" | "published" | "retired";
    Flow: {
      id: string;
      unit: string;
      code: string;
      name: components["schemas"]["Text"];
      category: string;
      state: components["schemas"]["FlowState"];
      current?: string | null;
      version: number;
    };
    FlowVersion: {
      id: string;
      flow: string;
      number: number;
      state: components["schemas"]["FlowState"];
      created_by?: string | null;
      created_at: string;
      published_at?: string | null;
    };
    FlowView: components["schemas"]["Flow"] & {
      unit_name: components["schemas"]["Text"];
      versions: components["schemas"]["FlowVersion"][];
      running: number;
      can: components["schemas"]["Can"];
    };
    PackageText: { text: string; unit?: string | null };
    PackageProblem: {
      severity: "error" | "warning";
      line: number;
      column: number;
      code: string;
      args: Record<string, unknown>;
      message: components["schemas"]["Text"];
      remedy?: components["schemas"]["Text"] | null;
    };
    PackageChecked: {
      problems: components["schemas"]["PackageProblem"][];
      version?: components["schemas"]["FlowVersion"] | null;
    };

    File: { id: string; name: string; size: number; media_type: string; sha256: string; at: string };

    PersonRow: {
      id: string;
      name: string;
      number?: string | null;
      unit?: components["schemas"]["Text"] | null;
      department?: components["schemas"]["Text"] | null;
      post?: components["schemas"]["Text"] | null;
      phone?: string | null;
      office_phone?: string | null;
      email?: string | null;
      ended: boolean;
    };
    AppointmentView: {
      id: string;
      unit: components["schemas"]["Text"];
      department?: components["schemas"]["Text"] | null;
      post: components["schemas"]["Text"];
      main: boolean;
      valid_from: string;
      valid_to?: string | null;
      version: number;
    };
    PersonView: components["schemas"]["PersonRow"] & {
      rank?: components["schemas"]["Text"] | null;
      appointments: components["schemas"]["AppointmentView"][];
      leads: { as: "head" | "in_charge"; name: components["schemas"]["Text"] }[];
      groups: { id: string; name: components["schemas"]["Text"] }[];
      reporting_line: components["schemas"]["PersonName"][];
      can: components["schemas"]["Can"];
      version: number;
    };
    ChangePerson: {
      name?: string | null;
      employee_number?: string | null;
      mobile?: string | null;
      office_phone?: string | null;
      email?: string | null;
    };
    UnitNode: {
      id: string;
      kind: "unit" | "department";
      name: components["schemas"]["Text"];
      head?: components["schemas"]["PersonName"] | null;
      people: number;
      children: components["schemas"]["UnitNode"][];
      can: components["schemas"]["Can"];
      version: number;
    };

    Notification: {
      id: string;
      code: string;
      args: Record<string, unknown>;
      link: string;
      at: string;
      read_at?: string | null;
    };
    Unread: { unread: number };

    Mode: "block" | "warn" | "record";
    Setting: boolean | number | string | string[];
    Given: components["schemas"]["Setting"] | Record<string, components["schemas"]["Setting"]>;
    Provision: {
      text: components["schemas"]["Text"];
      policy: string;
      mode: components["schemas"]["Mode"];
      parameters: Record<string, components["schemas"]["Given"]>;
      valid_from: string;
      valid_to?: string | null;
    };
    ClauseView: components["schemas"]["Provision"] & {
      id: string;
      unit: string;
      unit_name?: components["schemas"]["Text"] | null;
      number: string;
      preset?: string | null;
      version: number;
      can: components["schemas"]["Can"];
    };
    ClauseHistory: components["schemas"]["ClauseView"] & {
      versions: (components["schemas"]["Provision"] & { version: number })[];
    };
    ClausePatch: {
      text?: components["schemas"]["Text"] | null;
      mode?: components["schemas"]["Mode"] | null;
      parameters?: Record<string, components["schemas"]["Given"]> | null;
      valid_from?: string | null;
      valid_to?: string | null;
      reason?: string;
    };
    Kind: { type: "whole"; min: number; max: number } | { type: "word"; words: string[] } | { type: "words"; most: number };
    ParameterView: {
      name: string;
      policy: string;
      kind: components["schemas"]["Kind"];
      measure: string;
      by_class: boolean;
      serves: string[];
      values: {
        class?: string | null;
        value: components["schemas"]["Setting"];
        mode: components["schemas"]["Mode"];
        clause?: { id: string; number: string; unit: string; unit_name?: components["schemas"]["Text"] | null } | null;
      }[];
    };

    Entry: {
      id: string;
      stream: string;
      seq: number;
      kind: string;
      version: number;
      at: string;
      person?: string | null;
      on_behalf_of?: string | null;
      payload?: unknown;
    };
    Sealed: { last?: { number: number; at: string } | null; unsealed: number; unsealed_since?: string | null };
  };
}

type S = components["schemas"];
type Asked = { q?: string; flow?: string; status?: string; after?: string; limit?: number };

export interface paths {
  "/setup": { get: Read<S["SetupNeeded"]>; post: Write<S["Me"], S["SetUp"]> };
  "/sessions": { get: Read<{ items: S["SessionRow"][] }>; post: Write<S["Me"], S["SignIn"]> };
  "/sessions/{id}": { delete: Write<never, never, Id> };
  "/sessions/end_others": { post: Write<{ ended: number }> };
  "/session": { get: Read<S["Me"]>; delete: Write<never> };
  "/session/appointment": { put: Write<S["Me"], { appointment: string }> };
  "/session/locale": { put: Write<S["Me"], { locale: "zh-CN" | "en" }> };
  "/password": { post: Write<S["PasswordChanged"], S["ChangePassword"]> };
  "/sign_ins": { get: Read<PageOf<S["SignInRow"]>, never, { after?: string; limit?: number }> };

  "/counts": { get: Read<S["Counts"]> };
  "/tasks": { get: Read<PageOf<S["TaskRow"]>, never, Asked> };
  "/cases": {
    get: Read<PageOf<S["CaseRow"]>, never, Asked & { list: "done" | "started" | "copied" }>;
    post: Write<S["Done"], S["NewCase"]>;
  };
  "/drafts": { get: Read<PageOf<S["Draft"]>>; post: Write<S["Draft"], S["NewDraft"]> };
  "/drafts/{id}": {
    get: Read<S["Draft"], Id>;
    put: Write<S["Draft"], S["Content"], Id>;
    delete: Write<PageOf<S["Draft"]>, never, Id>;
  };
  "/flows": { get: Read<PageOf<S["FlowCard"]>> };
  "/flows/{id}/start": { get: Read<S["StartView"], Id, { appointment?: string }> };
  "/flows/{id}/prediction": { post: Write<S["PredictionView"], S["PredictionAsked"], Id> };
  "/cases/{id}": { get: Read<S["CaseView"], Id> };
  "/cases/{id}/withdrawal": { post: Write<S["Done"], S["Said"], Id> };
  "/cases/{id}/urges": { post: Write<S["Done"], S["Said"], Id> };
  "/cases/{id}/comments": { post: Write<S["Done"], S["Said"], Id> };
  "/cases/{id}/reads": { post: Write<S["Done"], never, Id> };
  "/tasks/{id}/approval": { post: Write<S["Done"], S["Decision"], Id> };
  "/tasks/{id}/rejection": { post: Write<S["Done"], S["Said"], Id> };
  "/tasks/{id}/completion": { post: Write<S["Done"], S["Decision"], Id> };
  "/tasks/{id}/return": { post: Write<S["Done"], S["Return"], Id> };
  "/tasks/{id}/resubmission": { post: Write<S["Done"], S["Resubmission"], Id> };
  "/tasks/{id}/hand_over": { post: Write<S["Done"], { to: string; text: string }, Id> };
  "/managed_flows": { get: Read<PageOf<S["FlowView"]>> };
  "/flow_packages": { post: Write<S["PackageChecked"], S["PackageText"]> };
  "/flow_versions/{id}/publication": { post: Write<S["FlowVersion"], never, Id> };
  "/flow_versions/{id}/package": { get: Read<{ text: string }, Id> };
  "/flows/{id}/retirement": { post: Write<S["Flow"], never, Id> };
  "/flows/{id}/resumption": { post: Write<S["Flow"], never, Id> };

  "/people": { get: Read<PageOf<S["PersonRow"]>, never, { q?: string; department?: string; after?: string }> };
  "/people/{id}": { get: Read<S["PersonView"], Id>; patch: Write<S["PersonView"], S["ChangePerson"], Id> };
  "/units": { get: Read<PageOf<S["UnitNode"]>> };

  "/notifications": { get: Read<PageOf<S["Notification"]>, never, { unread?: boolean; after?: string }> };
  "/notifications/{id}/read": { post: Write<S["Unread"], never, Id> };
  "/notifications/read_all": { post: Write<S["Unread"]> };

  "/clauses": { get: Read<PageOf<S["ClauseView"]>, never, { after?: string; limit?: number }> };
  "/clauses/{id}": { get: Read<S["ClauseHistory"], Id>; put: Write<S["ClauseView"], S["ClausePatch"], Id> };
  "/parameters": { get: Read<S["ParameterView"][]> };
  "/trace": { get: Read<PageOf<S["Entry"]>, never, { stream?: string; kind?: string; person?: string; after?: string }> };
  "/trace_seals": { get: Read<S["Sealed"]> };
}
