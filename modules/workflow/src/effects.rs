//! 效果: what decided cases can do in modules (FLOW-40): the catalogue of all that flows may name, and the port by which a
//! module does it.
//!
//! The catalogue, `effects.json`, is read by the check of packages, which knows no modules. An effect that no module has
//! handed in is recorded with its case and nothing else happens, until there is one.

use std::{collections::BTreeMap, sync::LazyLock};

use hanlin_forms::{
    expr::{RefKind, Type},
    form::{Field, FieldType},
};
use hanlin_kernel::{Actor, PersonId, Result, Text, UnitId};
use hanlin_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    cases::CaseId,
    engine::{Made, Values},
};

/// What a module does for cases. It hands one in for each effect of its own ([`hanlin_api::Module::ports`]).
#[derive(Clone, Copy)]
pub struct Effect {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// Does it, in the unit of the decision and as a part that can fail alone. What it refuses, a person is asked about.
    /// A case may come back here (returned, tried again): then this is asked again for the same visit or the next one; but
    /// for what made something that stands and would read the same again.
    pub run: fn(&mut Tx, &Asked) -> Result<Outcome>,
}

/// Who may open what effects made, where not everybody may who reads the case. A module hands one in beside its effects
/// ([`hanlin_api::Module::ports`]); what lies under no such address is shown to all readers of the case.
#[derive(Clone, Copy)]
pub struct Opens {
    /// How the addresses begin, within the client.
    pub under: &'static str,
    /// May he open what has this address?
    pub may_open: fn(&mut Tx, &Actor, &str) -> Result<bool>,
}

/// How a module takes back what an effect of its own made. A module hands one in beside the effect
/// ([`hanlin_api::Module::ports`]); what has none stands until somebody undoes it.
#[derive(Clone, Copy)]
pub struct Undo {
    /// The name of the effect in the catalogue.
    pub name: &'static str,
    /// How what it made there stands now.
    pub standing: fn(&mut Tx, &MadeBy) -> Result<Standing>,
    /// Takes it back, as a part that can fail alone; only what is [`Standing::Loose`].
    pub undo: fn(&mut Tx, &MadeBy) -> Result<()>,
    /// Its case was revoked, and it stands: tells whoever has to do with it.
    pub stays: fn(&mut Tx, &MadeBy) -> Result<()>,
}

/// Whose doing something is: a node of a case.
#[derive(Clone, Debug)]
pub struct MadeBy {
    pub case: CaseId,
    pub node: String,
}

/// How something stands that an effect made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It stands, and goes only by a deed of its own.
    Firm,
    /// Nobody put it in force yet, or did anything else with it: it is taken back with its case.
    Loose,
    /// It was taken back.
    Gone,
}

/// What a case asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub case: CaseId,
    /// What people call the case, and its title.
    pub number: String,
    pub title: Text,
    /// The node that asks.
    pub node: String,
    pub initiator: PersonId,
    /// The initiator's unit.
    pub unit: Option<UnitId>,
    /// By the names of the catalogue, as the form has them.
    pub values: Values,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub made: Option<Made>,
    /// By the names of the catalogue.
    pub values: Values,
}

/// An effect, as a flow names it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub name: Text,
    /// What was done when it is done, where that is less than its name says: a draft, which somebody has still to put in
    /// force.
    #[serde(default)]
    pub did: Option<Text>,
    /// The module that it belongs to, whether that is there or not.
    pub module: Text,
    /// Can a person see to it instead? Not where the case would then say what nobody did: a deletion, a backup.
    #[serde(default = "yes")]
    pub by_hand: bool,
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// What it hands back.
    #[serde(default)]
    pub results: BTreeMap<String, Kind>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub takes: Kind,
    #[serde(default)]
    pub needed: bool,
}

/// What a parameter takes; worded by `workflow.package.takes.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    Number,
    Date,
    Period,
    Switch,
    Person,
    Department,
    Post,
    Unit,
    Case,
    Files,
    Rows,
}

static CATALOGUE: LazyLock<BTreeMap<String, Known>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../effects.json")).expect("a test reads the catalogue"));

/// All effects that a flow may name.
pub fn catalogue() -> &'static BTreeMap<String, Known> {
    &CATALOGUE
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Period => "period",
            Self::Switch => "switch",
            Self::Person => "person",
            Self::Department => "department",
            Self::Post => "post",
            Self::Unit => "unit",
            Self::Case => "case",
            Self::Files => "files",
            Self::Rows => "rows",
        }
    }

    /// Does it take what this field holds?
    pub(crate) fn takes_field(self, field: &Field) -> bool {
        use FieldType as Of;
        let of: &[FieldType] = match self {
            Self::Text => &[Of::Text, Of::LongText, Of::Choice, Of::Choices, Of::Serial, Of::Date, Of::Cascade],
            Self::Number => &[Of::Number, Of::Money, Of::Rating],
            Self::Date => &[Of::Date],
            Self::Period => &[Of::Period],
            Self::Switch => &[Of::Switch],
            Self::Person => &[Of::Person],
            Self::Department => &[Of::Department],
            Self::Post => &[Of::Post],
            Self::Unit => &[Of::Unit],
            Self::Case => &[Of::Case],
            Self::Files => &[Of::Attachment, Of::Image, Of::Handwriting],
            Self::Rows => &[Of::Table],
        };
        of.contains(&field.kind)
    }

    /// Does it take what an expression of this type gives? What people choose from lists is handed in as a field.
    pub(crate) fn takes_type(self, ty: &Type) -> bool {
        matches!(
            (self, ty),
            (_, Type::Null)
                | (Self::Text, Type::Text | Type::Ref(_))
                | (Self::Number, Type::Number)
                | (Self::Date, Type::Date)
                | (Self::Switch, Type::Bool)
                | (Self::Period, Type::Period)
                | (Self::Person, Type::Ref(RefKind::Person))
        )
    }
}
