//! What an organisation writes: a flow, its nodes, and who handles them. A version of a flow is immutable once published.
//!
//! A flow is a tree and sound by construction: a *route* is a sequence of nodes, an exclusive node holds further routes.
//! Nothing here decides anything; `decide`, `predict` and the package check all read these types.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form::{Form, Right};
pub use super::{
    absence::Absence,
    act::Act,
    admission::{LeadTime, Limit, Per},
    authority::{Authorities, Authority},
    awaited_event::{EventWait, OnLate},
    call::{Call, CallBy, CallWait, OnFailure},
    follow_up::AfterCompletion,
    free::Free,
    paper::Paper,
    parallel::{Join, Lane, Lanes, OnReject, OnReturn},
    readers::{Reader, ReaderRules, Readers},
    reference::{DepartmentRef, GroupRef, NotARef, PersonRef, PostRef, RankRef, Ref, UnitRef},
    saying::BareRead,
    vote::{Vote, VoteUntil, Weighing},
    wait::{Span, SpanUnit, Wait, WaitTime},
    webhook::{AnswerWhen, Webhook},
    who::{DepartmentLevel, Rule, Until, Who},
};

/// The key of a node or branch, unique in its flow: lower-case letters, digits and `_`, beginning with a letter.
/// [`START`] is the initiator's own place and never a node's key.
pub type Key = String;
/// A field of the form.
pub type FieldId = String;

/// Where the case is while it is the initiator's: before submitting, and after a return to him.
pub const START: &str = "start";

/// 流程: the content of one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The same in all versions: lower-case letters, digits and `-`.
    pub id: String,
    pub name: Text,
    /// Under which heading the gallery of forms shows it (FORM-08), for example `personnel`.
    pub category: String,
    pub form: Form,
    pub route: Vec<Node>,
    /// Who may start it; nobody named = everyone of the house in service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_start: Vec<Starter>,
    #[serde(default, skip_serializing_if = "Settings::is_default")]
    pub settings: Settings,
}

/// One set of people who may start a flow; several are joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Starter {
    Person {
        person: PersonRef,
    },
    Unit {
        unit: UnitRef,
        /// Also the units below.
        #[serde(default)]
        below: bool,
    },
    Department {
        department: DepartmentRef,
        #[serde(default)]
        below: bool,
    },
    Post {
        post: PostRef,
    },
    Group {
        group: GroupRef,
    },
    /// Of this rank or a higher one (ORG-23).
    Rank {
        at_least: RankRef,
    },
}

/// What holds for the whole flow unless a node says otherwise. What is absent is asked of the rulebook, and where it
/// is silent the safe default written at each choice holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    #[serde(skip_serializing_if = "PeopleSettings::is_default")]
    pub people: PeopleSettings,
    /// The initiator's rights on fields while the case is his; an unnamed field he may write. Fields that belong to a
    /// later node (FORM-05) are named here as `hidden` or `read`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub start_fields: BTreeMap<FieldId, Right>,
    /// 核决权限: tables of who must approve what, which rules name (FLOW-20).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub authority: Authorities,
    /// May the initiator withdraw it until completion (FLOW-23)? Yes, unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdraw: Option<bool>,
    /// How often one person may submit it (FLOW-33). What he withdrew does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// How long before the event it must be submitted (FLOW-34).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_time: Option<LeadTime>,
    /// To whom single fields and columns are told at all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub readers: ReaderRules,
    /// It asks for an absence, in which somebody must act for whoever is away (TIME-12).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absence: Option<Absence>,
    /// What may follow upon a completed case (FLOW-24). Nothing, unless told.
    #[serde(skip_serializing_if = "AfterCompletion::is_default")]
    pub after_completion: AfterCompletion,
}

impl Settings {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What to do where the rule for people meets one of the four hard cases (FLOW-05). Absent: the flow's, then the
/// rulebook's (`workflow.on_nobody` …), then the safe default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleSettings {
    /// Safe default: [`OnNobody::ToAdmin`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_nobody: Option<OnNobody>,
    /// Safe default: [`OnInitiator::Superior`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_initiator: Option<OnInitiator>,
    /// Safe default: [`OnRepeat::Skip`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_repeat: Option<OnRepeat>,
    /// Safe default: [`OnLeft::Successor`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_left: Option<OnLeft>,
}

impl PeopleSettings {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The rule finds nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnNobody {
    /// The node is passed over, which the route shows.
    Skip,
    /// The flow's administrator gets the task and names who handles it; he cannot decide it himself by that.
    ToAdmin,
    /// Submitting is refused. If people vanish after submitting, as `to_admin`.
    Block,
}

/// The rule finds the initiator himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnInitiator {
    /// He is left out.
    Skip,
    /// His superior handles it in his place.
    Superior,
    /// He may decide his own case.
    Allow,
}

/// The rule finds who approved at the approval just before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnRepeat {
    /// His approval counts again without asking him; the route shows it as automatic.
    Skip,
    /// He is asked again.
    Ask,
}

/// The rule finds a person who left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnLeft {
    /// His named successor, else his superior.
    Successor,
    /// His superior.
    Superior,
}

/// 节点. New kinds are added as variants; code outside the engine keeps a wildcard arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Node {
    Exclusive(Exclusive),
    /// 并行: all branches at the same time.
    Parallel(Lanes),
    /// 包容: all branches whose condition is true, at the same time; else `otherwise`.
    Inclusive(Lanes),
    Approve(Box<Approve>),
    Handle(Box<Handle>),
    Copy(Copying),
    /// 等待: until its time has come, or its event.
    Wait(Wait),
    /// 子流程: opens cases of another flow.
    Call(Box<Call>),
    /// 自由流转: whoever has it names who is next.
    Free(Box<Free>),
    /// 效果: does something in a module.
    Act(Box<Act>),
    /// 外部调用: asks another system and waits for its answer.
    Webhook(Box<Webhook>),
}

impl Node {
    pub fn key(&self) -> &str {
        match self {
            Self::Exclusive(node) => &node.key,
            Self::Parallel(node) | Self::Inclusive(node) => &node.key,
            Self::Approve(node) => &node.key,
            Self::Handle(node) => &node.key,
            Self::Copy(node) => &node.key,
            Self::Wait(node) => &node.key,
            Self::Call(node) => &node.key,
            Self::Free(node) => &node.key,
            Self::Act(node) => &node.key,
            Self::Webhook(node) => &node.key,
        }
    }

    pub fn name(&self) -> &Text {
        match self {
            Self::Exclusive(node) => &node.name,
            Self::Parallel(node) | Self::Inclusive(node) => &node.name,
            Self::Approve(node) => &node.name,
            Self::Handle(node) => &node.name,
            Self::Copy(node) => &node.name,
            Self::Wait(node) => &node.name,
            Self::Call(node) => &node.name,
            Self::Free(node) => &node.name,
            Self::Act(node) => &node.name,
            Self::Webhook(node) => &node.name,
        }
    }

    /// The routes inside it, each with its branch's key: none for a node without branches.
    pub fn routes(&self) -> Vec<(&str, &[Node])> {
        match self {
            Self::Exclusive(node) => node
                .branches
                .iter()
                .map(|branch| (branch.key.as_str(), branch.route.as_slice()))
                .chain([(OTHERWISE, node.otherwise.as_slice())])
                .collect(),
            Self::Parallel(node) => node.routes().collect(),
            Self::Inclusive(node) => node.routes().chain([(OTHERWISE, node.otherwise.as_slice())]).collect(),
            _ => Vec::new(),
        }
    }

    /// The route of this branch.
    pub(crate) fn route_of(&self, branch: &str) -> Option<&[Node]> {
        self.routes().into_iter().find(|(key, _)| *key == branch).map(|(_, route)| route)
    }

    /// The conditions of its branches, each with its branch's key.
    pub(crate) fn conditions(&self) -> Vec<(&str, &Expr)> {
        match self {
            Self::Exclusive(node) => node.branches.iter().map(|branch| (branch.key.as_str(), &branch.when)).collect(),
            Self::Parallel(node) | Self::Inclusive(node) => {
                let all = node.branches.iter();
                all.filter_map(|branch| Some((branch.key.as_str(), branch.when.as_ref()?))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Its branches, if they are walked at the same time.
    pub fn lanes(&self) -> Option<&Lanes> {
        match self {
            Self::Parallel(node) | Self::Inclusive(node) => Some(node),
            _ => None,
        }
    }

    /// The name of a branch; none of `otherwise`.
    pub(crate) fn branch_name(&self, branch: &str) -> Option<&Text> {
        match self {
            Self::Exclusive(node) => node.branches.iter().find(|one| one.key == branch).map(|one| &one.name),
            _ => self.lanes()?.branches.iter().find(|one| one.key == branch).map(|one| &one.name),
        }
    }
}

/// The key of the branch that is taken when no other is.
pub const OTHERWISE: &str = "otherwise";

/// 条件分支: the first branch whose condition is true is taken, else `otherwise` (which may be empty: go on).
/// A condition that is null is not true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusive {
    pub key: Key,
    pub name: Text,
    pub branches: Vec<Branch>,
    #[serde(default)]
    #[schema(no_recursion)]
    pub otherwise: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    pub key: Key,
    pub name: Text,
    pub when: Expr,
    #[serde(default)]
    #[schema(no_recursion)]
    pub route: Vec<Node>,
}

/// A condition in the language of `hanlin-forms`, as its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Expr(pub String);

/// 审批.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    pub key: Key,
    pub name: Text,
    /// What is asked of the handler; sets the defaults of operations and opinion (FLOW-14).
    #[serde(default, skip_serializing_if = "Function::is_default")]
    pub function: Function,
    pub who: Who,
    #[serde(default)]
    pub quorum: Quorum,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vote: Option<Vote>,
    /// 纸质: it is signed on the printed form (FLOW-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Paper>,
    #[serde(default, skip_serializing_if = "Opinions::is_default")]
    pub opinions: Opinions,
    /// What handlers may do besides agreeing (FLOW-15); absent: reject, return, comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<BTreeSet<Operation>>,
    #[serde(default, skip_serializing_if = "OpinionDuty::is_default")]
    pub opinion: OpinionDuty,
    /// Handlers' rights on fields; an unnamed field they may read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Right>,
    #[serde(default, skip_serializing_if = "ReturnRule::is_default", rename = "return")]
    pub return_rule: ReturnRule,
    /// For this node only.
    #[serde(default, skip_serializing_if = "PeopleSettings::is_default")]
    pub people: PeopleSettings,
}

/// 办理 (execution): a person does something and notes the result; there is no verdict (FLOW-11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Handle {
    pub key: Key,
    pub name: Text,
    pub who: Who,
    /// Any of them unless told: one execution is enough.
    #[serde(default = "Quorum::any")]
    pub quorum: Quorum,
    /// 纸质: it is signed on the printed form (FLOW-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Paper>,
    #[serde(default, skip_serializing_if = "Opinions::is_default")]
    pub opinions: Opinions,
    /// What handlers may do besides completing; absent: return, comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<BTreeSet<Operation>>,
    /// Must the result be noted, and how long at least?
    #[serde(default, skip_serializing_if = "OpinionDuty::is_default")]
    pub result: OpinionDuty,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Right>,
    #[serde(default, skip_serializing_if = "ReturnRule::is_default", rename = "return")]
    pub return_rule: ReturnRule,
    #[serde(default, skip_serializing_if = "PeopleSettings::is_default")]
    pub people: PeopleSettings,
}

/// 抄送: its people may read the case from here on; the case does not wait for them. Nobody found is no hindrance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Copying {
    pub key: Key,
    pub name: Text,
    pub who: Who,
    /// Reading is a duty and stands on the reader's list until done.
    #[serde(default)]
    pub must_read: bool,
    /// Readers' rights: `hidden` or `read`; an unnamed field they may read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, Right>,
}

/// What an approval asks for (FLOW-14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Function {
    /// 审批
    #[default]
    Approval,
    /// 表单审核: facts are checked; agreeing needs a written opinion (FLOW-18).
    FormReview,
    /// 协同
    Collaboration,
    /// 会签
    Countersign,
}

impl Function {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What a handler may do at a node (FLOW-15). Agreeing and completing are always allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// 不同意: ends the case, or its branch.
    Reject,
    /// 退回
    ReturnTo,
    Comment,
    /// 转办: another handles it instead.
    Transfer,
    /// 委派: another looks into it and says what he thinks, then it comes back.
    Delegate,
    /// 征询: others are asked, and the case need not wait for their answer.
    Consult,
    /// 加签: others decide as well, before, after or beside the handler.
    AddSigner,
    /// 减签: those whom the handler added, as long as they have not decided.
    RemoveSigner,
    /// 暂存待办
    Hold,
    /// 抄送, on the way.
    Copy,
    /// 取回: the handler's own decision, as long as nobody went on from it.
    TakeBack,
    /// 审核不通过: the form goes back to the initiator.
    FailReview,
    /// 终止: ends the case for good.
    Terminate,
    /// 弃权, where the node's vote allows it.
    Abstain,
}

/// How many of several people decide a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Quorum {
    /// 会签: each, at the same time.
    #[default]
    All,
    /// 或签: whoever comes first.
    Any,
    /// 依次: each, one after the other in the rule's order.
    InTurn,
    /// 票数: so many; all, if those are fewer.
    AtLeast(u32),
    /// 比例: so many percent of those who are asked, rounded up.
    Percent(u32),
    /// 加权: so much weight of votes; all of it, if that is less.
    Weight(u32),
    /// 抢办: whoever claims it, alone.
    Claim,
}

impl Quorum {
    fn any() -> Self {
        Self::Any
    }

    /// Is one of them enough?
    pub(crate) fn is_one(self) -> bool {
        matches!(self, Self::Any | Self::Claim)
    }
}

/// When what the people of a node say there is told to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opinions {
    #[default]
    AtOnce,
    /// 背靠背: when the node is decided.
    After,
}

impl Opinions {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// When words are required. Rejecting and returning always need some.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionDuty {
    /// Also for agreeing or completing. Absent: by the node's function (form review: yes, else no).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Fewest characters, wherever words are required; absent: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Phrases that count as no words here, besides the rulebook's (FLOW-16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<String>,
    /// What a bare 已阅 means here (FLOW-17). Absent: by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bare_read: Option<BareRead>,
}

impl OpinionDuty {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// 退回: where to, and how it goes on (FLOW-22).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRule {
    /// The nodes it may be returned to ([`START`] = the initiator), of those that were passed; absent: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<BTreeSet<Key>>,
    /// Absent: whoever returns it chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<AfterReturn>,
    /// The fields that matter to whoever decides here, where a return passes over whom no change concerns; absent: all that
    /// he may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decides_on: Option<BTreeSet<FieldId>>,
}

impl ReturnRule {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How a returned case goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterReturn {
    /// Every node from there on is walked again.
    WalkAgain,
    /// Straight back to who returned it.
    StraightBack,
    /// Every node again, but whoever agreed and reads nothing else than then is passed over.
    SkipUnchanged,
}
