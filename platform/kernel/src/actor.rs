use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AppointmentId, DepartmentId, Error, Permission, PersonId, Result, UnitId};

/// Who acts: a person under one of his appointments, perhaps for another, with what he was granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    pub person: PersonId,
    /// The person whose work this is, where `person` acts as agent or secretary (代理).
    pub on_behalf_of: Option<PersonId>,
    /// The appointment under which he acts; his main one unless he chose another (FLOW-36).
    pub appointment: Option<AppointmentId>,
    pub unit: Option<UnitId>,
    pub department: Option<DepartmentId>,
    /// 外部单位的人 (ORG-24): a supplier's, customer's or partner's. He holds no grant, passes only the doors that open to
    /// him by name, and sees what he takes part in.
    pub external: bool,
    pub grants: Vec<Grant>,
}

/// 授权: one permission over what its scope was resolved to when the request came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    pub permission: String,
    pub scopes: Scopes,
}

/// 数据范围, as it is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Own,
    Department,
    DepartmentAndBelow,
    Unit,
    UnitAndBelow,
    All,
}

/// 数据范围, as it is resolved for one actor: which units and departments, or everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    pub all: bool,
    pub own: bool,
    pub units: BTreeSet<UnitId>,
    pub departments: BTreeSet<DepartmentId>,
}

impl Actor {
    /// An actor without any grant.
    pub fn person(person: PersonId) -> Self {
        Self {
            person,
            on_behalf_of: None,
            appointment: None,
            unit: None,
            department: None,
            external: false,
            grants: Vec::new(),
        }
    }

    /// Whose work this is: the one he acts for, else himself. What waits, what was begun and what may be read is asked
    /// for the principal; what is recorded names both.
    pub fn principal(&self) -> PersonId {
        self.on_behalf_of.unwrap_or(self.person)
    }

    /// Has he this permission over anything at all? What the door asks; finders ask for the thing itself.
    pub fn holds(&self, permission: Permission) -> bool {
        self.grants.iter().any(|grant| grant.permission == permission.0)
    }

    /// Has he this permission over this unit?
    pub fn reaches(&self, permission: Permission, unit: UnitId) -> bool {
        self.scopes(permission).any(|scopes| scopes.all || scopes.units.contains(&unit))
    }

    /// Has he this permission over this department of this unit?
    pub fn reaches_department(&self, permission: Permission, unit: UnitId, department: DepartmentId) -> bool {
        self.reaches(permission, unit) || self.scopes(permission).any(|scopes| scopes.departments.contains(&department))
    }

    /// Has he this permission without any limit of scope?
    pub fn reaches_all(&self, permission: Permission) -> bool {
        self.scopes(permission).any(|scopes| scopes.all)
    }

    /// All that he was granted of this permission, joined: for lists that take the scope into SQL.
    pub fn scope_of(&self, permission: Permission) -> Scopes {
        self.scopes(permission).fold(Scopes::default(), |joined, scopes| joined.join(scopes))
    }

    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.holds(permission) { Ok(()) } else { Err(Error::forbidden(permission)) }
    }

    fn scopes(&self, permission: Permission) -> impl Iterator<Item = &Scopes> {
        self.grants.iter().filter(move |grant| grant.permission == permission.0).map(|grant| &grant.scopes)
    }
}

impl Scopes {
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    pub fn join(mut self, other: &Scopes) -> Self {
        self.all |= other.all;
        self.own |= other.own;
        self.units.extend(&other.units);
        self.departments.extend(&other.departments);
        self
    }
}

/// The set of verbs an actor may use on a thing: made by a module's `policy`, sent as `can`, printed by the permission matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Can(Vec<String>);

impl Can {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn when(mut self, verb: &str, allowed: bool) -> Self {
        if allowed {
            self.0.push(verb.to_owned());
        }
        self
    }

    pub fn allows(&self, verb: &str) -> bool {
        self.0.iter().any(|allowed| allowed == verb)
    }

    pub fn require(&self, verb: &str, otherwise: Error) -> Result<()> {
        if self.allows(verb) { Ok(()) } else { Err(otherwise) }
    }

    pub fn verbs(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
