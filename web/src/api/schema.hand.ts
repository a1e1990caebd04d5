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
    Named: { id: string; name: string };
    Values: Record<string, unknown>;

    // access
    SetupNeeded: { needed: boolean };
    SetupRequest: { token: string; organisation: string; name: string; login: string; password: string };
    Me: {
      person: { id: string; name: string };
      login: string;
      appointments: components["schemas"]["MyAppointment"][];
      appointment?: string | null;
      permissions: string[];
      locale?: string | null;
      must_change_password: boolean;
      sample: boolean;
      idle_minutes: number;
    };
    MyAppointment: {
      id: string;
      unit: components["schemas"]["Text"];
      department?: components["schemas"]["Text"] | null;
      post: components["schemas"]["Text"];
      main: boolean;
    };
    SessionRow: {
      id: string;
      current: boolean;
      started_at: string;
      seen_at: string;
      address?: string | null;
      device?: string | null;
    };
    SignInRow: { at: string; login: string; succeeded: boolean; reason?: string | null; address?: string | null; device?: string | null };

    // workflow
    Counts: { waiting: number; copied_unread: number; notifications_unread: number; drafts: number };
    Fact: { label: components["schemas"]["Text"]; value: string };
    TaskRow: {
      id: string;
      case: string;
      title: string;
      flow_name: components["schemas"]["Text"];
      initiator: components["schemas"]["Named"];
      facts: components["schemas"]["Fact"][];
      node_name: components["schemas"]["Text"];
      arrived_at: string;
      due_at?: string | null;
      unread: boolean;
    };
    CaseRow: {
      id: string;
      number: string;
      title: string;
      flow_name: components["schemas"]["Text"];
      initiator: components["schemas"]["Named"];
      facts: components["schemas"]["Fact"][];
      status: components["schemas"]["CaseStatus"];
      present: components["schemas"]["Named"][];
      submitted_at: string;
      changed_at: string;
      unread: boolean;
    };
    CaseStatus: "running" | "at_initiator" | "completed" | "rejected" | "withdrawn";
    DraftRow: { id: string; flow: string; flow_name: components["schemas"]["Text"]; title: string; changed_at: string };
    Draft: { id: string; flow: string; values: components["schemas"]["Values"]; appointment?: string | null; version: number; changed_at: string };
    DraftRequest: { flow: string; values: components["schemas"]["Values"]; appointment?: string | null };
    FlowCard: {
      id: string;
      name: components["schemas"]["Text"];
      category?: components["schemas"]["Text"] | null;
      description?: components["schemas"]["Text"] | null;
      version: number;
    };
    Field: {
      id: string;
      label: components["schemas"]["Text"];
      type: "text" | "long_text" | "number" | "money" | "date" | "period" | "choice" | "choices" | "person" | "attachment";
      required?: boolean;
      required_when?: string | null;
      hint?: components["schemas"]["Text"] | null;
      computed?: string | null;
      visible_when?: string | null;
      max_length?: number | null;
      pattern?: string | null;
      min?: string | null;
      max?: string | null;
      scale?: number | null;
      unit?: components["schemas"]["Text"] | null;
      currency?: string | null;
      granularity?: "day" | "half_day" | "hour" | null;
      options?: { id: string; label: components["schemas"]["Text"] }[] | null;
      multiple?: boolean | null;
      max_count?: number | null;
    };
    Cell: {
      field?: string | null;
      text?: components["schemas"]["Text"] | null;
      opinions?: string | null;
      label?: components["schemas"]["Text"] | null;
      span?: number | null;
    };
    Form: {
      fields: components["schemas"]["Field"][];
      layout: { columns: number; rows: components["schemas"]["Cell"][][] };
    };
    Right: "hidden" | "read" | "write" | "required";
    Rights: Record<string, components["schemas"]["Right"]>;
    ChoiceToMake: {
      node: string;
      name: components["schemas"]["Text"];
      multiple: boolean;
      candidates?: components["schemas"]["Named"][] | null;
    };
    Start: {
      flow: components["schemas"]["FlowCard"];
      form: components["schemas"]["Form"];
      rights: components["schemas"]["Rights"];
      values: components["schemas"]["Values"];
      appointments: components["schemas"]["MyAppointment"][];
      choices: components["schemas"]["ChoiceToMake"][];
    };
    Reason: { code: string; args?: Record<string, unknown> };
    StepPerson: {
      id: string;
      name: string;
      on_behalf_of?: components["schemas"]["Named"] | null;
      why?: components["schemas"]["Reason"] | null;
      state: string;
      at?: string | null;
      opinion?: string | null;
      act?: string | null;
    };
    Step: {
      node: string;
      name: components["schemas"]["Text"];
      kind: string;
      state: "past" | "present" | "future" | "skipped";
      people: components["schemas"]["StepPerson"][];
      depends_on: string[];
      alternatives?: components["schemas"]["Text"][] | null;
      arrived_at?: string | null;
      closed_at?: string | null;
      due_at?: string | null;
      why?: components["schemas"]["Reason"] | null;
    };
    PredictionRequest: {
      values: components["schemas"]["Values"];
      appointment?: string | null;
      choices?: Record<string, string[]>;
      touched?: string[];
    };
    FieldError: { field: string; code: string; args?: Record<string, unknown> };
    Prediction: {
      route: components["schemas"]["Step"][];
      values: components["schemas"]["Values"];
      errors: components["schemas"]["FieldError"][];
    };
    SubmitRequest: {
      flow: string;
      values: components["schemas"]["Values"];
      appointment?: string | null;
      choices: Record<string, string[]>;
      draft?: string | null;
      confirmed: boolean;
    };
    OpinionView: {
      id: string;
      node: string;
      person: components["schemas"]["Named"];
      on_behalf_of?: components["schemas"]["Named"] | null;
      act: string;
      text: string;
      at: string;
      attachments: components["schemas"]["FileView"][];
    };
    CommentView: {
      id: string;
      person: components["schemas"]["Named"];
      text: string;
      at: string;
      attachments: components["schemas"]["FileView"][];
    };
    CaseTask: {
      id: string;
      node: string;
      node_name?: components["schemas"]["Text"];
      person: components["schemas"]["Named"];
      can: string[];
      why?: components["schemas"]["Reason"] | null;
      due_at?: string | null;
      opinion_required: Record<string, boolean>;
      return_targets: { node: string; name: components["schemas"]["Text"] }[];
    };
    CaseView: {
      id: string;
      number: string;
      title: string;
      flow: { id: string; name: components["schemas"]["Text"]; version: number };
      status: components["schemas"]["CaseStatus"];
      initiator: components["schemas"]["Named"];
      submitted_at: string;
      form: components["schemas"]["Form"];
      rights: components["schemas"]["Rights"];
      values: components["schemas"]["Values"];
      people: components["schemas"]["Named"][];
      files: components["schemas"]["FileView"][];
      opinions: components["schemas"]["OpinionView"][];
      route: components["schemas"]["Step"][];
      comments: components["schemas"]["CommentView"][];
      tasks: components["schemas"]["CaseTask"][];
      copies: { person: components["schemas"]["Named"]; read_at?: string | null }[];
      can: string[];
      version: number;
    };
    Decision: { opinion: string; values?: components["schemas"]["Values"]; attachments?: string[] };
    ReturnRequest: { opinion: string; to: string; then: "walk" | "straight_back"; attachments?: string[] };
    CommentRequest: { text: string; attachments: string[] };
    FlowVersionRow: {
      id: string;
      flow: string;
      name: components["schemas"]["Text"];
      version: number;
      status: "draft" | "published" | "retired";
      cases: number;
      imported_at: string;
      imported_by: components["schemas"]["Named"];
      published_at?: string | null;
      can: string[];
    };
    PackageProblem: {
      line: number;
      column: number;
      code: string;
      message: string;
      args?: Record<string, unknown>;
      remedy?: string | null;
    };
    ImportAnswer: { problems: components["schemas"]["PackageProblem"][]; version?: components["schemas"]["FlowVersionRow"] | null };

    // files
    FileView: { id: string; name: string; size: number; media_type: string; thumbnail: boolean };

    // directory
    PersonRow: {
      id: string;
      name: string;
      number?: string | null;
      login?: string | null;
      department?: components["schemas"]["Text"] | null;
      unit?: components["schemas"]["Text"] | null;
      post?: components["schemas"]["Text"] | null;
      phone?: string | null;
      email?: string | null;
      ended?: boolean;
    };
    PersonView: components["schemas"]["PersonRow"] & {
      appointments: components["schemas"]["MyAppointment"][];
      rank?: components["schemas"]["Text"] | null;
      can: string[];
      version: number;
    };
    PersonPatch: { name?: string; phone?: string | null; email?: string | null };
    UnitNode: {
      id: string;
      name: components["schemas"]["Text"];
      kind: "unit" | "department";
      head?: components["schemas"]["Named"] | null;
      people: number;
      children: components["schemas"]["UnitNode"][];
    };

    // notify
    NotificationRow: {
      id: string;
      code: string;
      args: Record<string, unknown>;
      at: string;
      read_at?: string | null;
      case?: string | null;
    };

    // rulebook
    ClauseView: {
      id: string;
      unit: components["schemas"]["Text"];
      text: components["schemas"]["Text"];
      source?: string | null;
      policy: string;
      parameters: components["schemas"]["Parameter"][];
      mode: "block" | "warn" | "record";
      valid_from?: string | null;
      valid_to?: string | null;
      version: number;
      can: string[];
      history: components["schemas"]["ClauseChange"][];
    };
    Parameter: { name: string; value: unknown; kind: "integer" | "text" | "list" | "choice" | "boolean"; options?: string[] | null; unit?: string | null };
    ClauseChange: { at: string; person?: components["schemas"]["Named"] | null; name: string; old: unknown; new: unknown; reason?: string | null };
    ClausePatch: { parameters: Record<string, unknown>; mode: "block" | "warn" | "record"; reason: string };

    // trace
    TraceRow: {
      id: string;
      stream: string;
      kind: string;
      at: string;
      person?: components["schemas"]["Named"] | null;
      on_behalf_of?: components["schemas"]["Named"] | null;
      payload: Record<string, unknown>;
      sealed: boolean;
    };
  };
}

type S = components["schemas"];

export interface paths {
  "/setup": { get: Read<S["SetupNeeded"]>; post: Write<never, S["SetupRequest"]> };
  "/sessions": {
    get: Read<{ items: S["SessionRow"][] }>;
    post: Write<S["Me"], { login: string; password: string }>;
  };
  "/sessions/{id}": { delete: Write<never, never, Id> };
  "/sessions/end_others": { post: Write<never> };
  "/session": { get: Read<S["Me"]>; delete: Write<never> };
  "/session/appointment": { put: Write<S["Me"], { appointment: string }> };
  "/session/locale": { put: Write<S["Me"], { locale: string }> };
  "/password": { post: Write<never, { current: string; new: string }> };
  "/sign_ins": { get: Read<PageOf<S["SignInRow"]>, never, { after?: string }> };

  "/counts": { get: Read<S["Counts"]> };
  "/tasks": {
    get: Read<PageOf<S["TaskRow"]>, never, { q?: string; flow?: string; after?: string; limit?: number }>;
  };
  "/cases": {
    get: Read<
      PageOf<S["CaseRow"]>,
      never,
      { list: "done" | "started" | "copied"; q?: string; status?: string; flow?: string; after?: string }
    >;
    post: Write<S["CaseView"], S["SubmitRequest"]>;
  };
  "/drafts": { get: Read<PageOf<S["DraftRow"]>>; post: Write<S["Draft"], S["DraftRequest"]> };
  "/drafts/{id}": {
    get: Read<S["Draft"], Id>;
    put: Write<S["Draft"], S["DraftRequest"], Id>;
    delete: Write<never, never, Id>;
  };
  "/flows": { get: Read<{ items: S["FlowCard"][] }> };
  "/flows/{id}/start": { get: Read<S["Start"], Id> };
  "/flows/{id}/prediction": { post: Write<S["Prediction"], S["PredictionRequest"], Id> };
  "/cases/{id}": { get: Read<S["CaseView"], Id> };
  "/cases/{id}/withdrawal": { post: Write<S["CaseView"], { opinion?: string }, Id> };
  "/cases/{id}/urges": { post: Write<never, { text?: string }, Id> };
  "/cases/{id}/comments": { post: Write<S["CommentView"], S["CommentRequest"], Id> };
  "/cases/{id}/reads": { post: Write<never, never, Id> };
  "/cases/{id}/resubmission": { post: Write<S["CaseView"], { values: S["Values"] }, Id> };
  "/tasks/{id}/approval": { post: Write<S["CaseView"], S["Decision"], Id> };
  "/tasks/{id}/rejection": { post: Write<S["CaseView"], S["Decision"], Id> };
  "/tasks/{id}/completion": { post: Write<S["CaseView"], S["Decision"], Id> };
  "/tasks/{id}/return": { post: Write<S["CaseView"], S["ReturnRequest"], Id> };
  "/flow_versions": { get: Read<{ items: S["FlowVersionRow"][] }> };
  "/flow_packages": { post: Write<S["ImportAnswer"], { text: string }> };
  "/flow_versions/{id}/publication": { post: Write<S["FlowVersionRow"], never, Id> };
  "/flow_versions/{id}/retirement": { post: Write<S["FlowVersionRow"], never, Id> };

  "/files/{id}": { get: Read<S["FileView"], Id> };

  "/people": { get: Read<PageOf<S["PersonRow"]>, never, { q?: string; department?: string; after?: string }> };
  "/people/{id}": { get: Read<S["PersonView"], Id>; patch: Write<S["PersonView"], S["PersonPatch"], Id> };
  "/units": { get: Read<{ items: S["UnitNode"][] }> };

  "/notifications": { get: Read<PageOf<S["NotificationRow"]>, never, { unread?: boolean; after?: string }> };
  "/notifications/{id}/read": { post: Write<never, never, Id> };
  "/notifications/read_all": { post: Write<never> };

  "/clauses": { get: Read<{ items: S["ClauseView"][] }> };
  "/clauses/{id}": { put: Write<S["ClauseView"], S["ClausePatch"], Id> };
  "/trace": { get: Read<PageOf<S["TraceRow"]>, never, { stream?: string; after?: string }> };
}
