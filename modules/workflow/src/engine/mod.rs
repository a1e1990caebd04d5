//! The flow engine: pure functions over a flow and a case, without clock, database or network.
//!
//! ```text
//!  decide(case, flow, command, facts) ──► events ──► apply(case, event) ──► case
//!  predict(flow, initiator, values …) ──► route        (the same walk, over a case that nobody keeps)
//! ```
//!
//! - [`model`]: what an organisation writes: flows, nodes, rules for people.
//! - [`case`]: the state of one running flow, a tree of activations with their tasks and opinions.
//! - [`facts`]: what the engine asks the world. Every answer that is used is stored in an event.
//! - [`slots`] says who is still waited for, [`passing`] and [`second_thoughts`] are what handlers do besides deciding.
//! - [`vote`] counts where a number of several people is enough, [`secrecy`] keeps what they say until it is decided.
//! - [`awaiting`] is where a case waits for something other than a person: a [`wait`] for a time, an [`awaited_event`],
//!   a [`call`] of another flow, an [`act`] in a module, a [`webhook`] to another system. [`mend`] asks somebody about what failed.
//! - [`authority`] looks up who must approve what. [`rights`] says who reads and writes which field, [`readers`] to whom it is
//!   told at all. [`paper`] is a step that is signed on the printed form.
//! - [`relieving`] gives what waits at one who left to who stands in for him.
//! - [`free`] is the node at which whoever has it names who is next. [`follow_up`] makes the flow of what follows upon a
//!   completed case.
//! - [`walk`] makes the automatic steps, [`lanes`] those of branches that are walked at the same time, [`people`] finds
//!   handlers, [`returning`] goes back, [`revisions`] tells whom that concerns.
//!
//! Invariants, kept by the property tests: a running case has an open task, or waits for
//! what comes by itself; a finished one has neither; replaying the
//! events gives the state; a refused command makes no event; what is predicted is what happens if nothing changes.

mod absence;
mod access;
mod act;
mod admission;
mod apply;
mod authority;
mod awaited_event;
mod awaiting;
mod call;
pub mod case;
mod checked;
mod choices;
mod claiming;
mod command;
mod corrections;
mod decide;
mod desk;
mod event;
pub mod facts;
mod follow_up;
pub mod form;
mod free;
mod halting;
mod lanes;
mod mend;
mod mentions;
pub mod model;
mod opinion;
mod paper;
mod parallel;
mod passing;
mod people;
mod plan;
mod predict;
mod readers;
mod reference;
mod refusal;
mod relieving;
mod returning;
mod revisions;
mod rights;
mod route;
mod saying;
mod second_thoughts;
mod secrecy;
mod slots;
mod urge;
mod vote;
mod wait;
mod walk;
mod webhook;
mod who;

pub use absence::{Absence, ActingThen, Away, away};
pub(crate) use access::is_concerned;
pub use access::{Access, Via, access};
pub use act::{Act, EffectState, INITIATOR, Made, fits_results};
pub use admission::{Quota, earliest, quotas, refused_now};
pub use apply::{apply, replay};
pub use authority::Authority;
pub use awaited_event::{EventState, EventWait, OnLate};
pub(crate) use awaited_event::{in_one_word, is_event_name};
pub use awaiting::{Arrival, Awaiting};
pub use call::{Call, CallBy, CallWait, Called, CalledState, EACH, MOST_CALLS, OnFailure};
pub use case::{ActivationState, Case, Choices, Stage, Status, TaskState, Values, Words};
pub use checked::{CheckedFlow, Flaw, is_key};
pub use choices::{Choosable, candidates, candidates_in, choosable, to_choose};
pub use claiming::is_to_claim;
pub use command::{Command, Intent, SignerPlace, Target};
pub use decide::{decide, may_operate, may_start, words_to_agree};
pub use desk::asks_for_loads;
pub use event::{Change, Event, Voided, What};
pub use facts::{Acting, Chosen, Facts, Initiator, Named, Why, WorkingTime};
pub(crate) use follow_up::is_changeable;
pub use follow_up::{
    AfterCompletion, Aftermath, FOLLOWED, FollowUp, REASON, approvers, changes_by, follow_up, goes_the_same_way,
    values_of_follow_up,
};
pub use form::{Right, Rights};
pub use free::{Free, MOST_PASSINGS, Nameable, PassedOn, nameable};
pub use halting::Halt;
pub use mend::{Reason, ReasonField, may_see_to_it, passed_over};
pub use model::{Flow, Node};
pub use paper::{Paper, PaperDesk, Printing, SignedOnPaper, Signing, is_on_paper, paper_desk};
pub use parallel::{LaneState, LaneWalk};
pub use passing::MOST_NAMED;
pub(crate) use plan::Lie;
pub use plan::{Place, Position};
pub use predict::{predict, predict_from, route};
pub use refusal::Refusal;
pub use returning::return_targets;
pub use revisions::{Revision, changes_for};
pub use rights::{as_told, is_told_to_all, rights, start_rights};
pub use route::{
    Alternative, Choose, Fork, LaneOf, Route, Step, StepEffect, StepEvent, StepKind, StepLane, StepPerson, StepWait,
    StepWebhook, When,
};
pub use saying::{BareRead, bare_read, read_phrases};
pub use second_thoughts::can_take_back;
pub use secrecy::{is_sealed, may_hear, route_for};
pub use vote::{Ballot, Tally, Vote, VoteUntil, Weighing};
pub use wait::{LONGEST_WAIT, Span, SpanUnit, Wait, WaitTime};
pub use walk::STEP_LIMIT;
pub use webhook::{AnswerWhen, Webhook, WebhookState};
