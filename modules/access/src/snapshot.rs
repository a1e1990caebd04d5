//! Roles and grants in memory, immutable: what every request asks.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use hanlin_kernel::Result;
use hanlin_store::{Remembered, Tx};

use crate::{
    model::{Grant, Role, RoleId, Subject, What, is_particular},
    store,
};

/// Every role, and every grant by whom it is to.
#[derive(Debug, Default)]
pub struct Grants {
    roles: HashMap<RoleId, Role>,
    to: HashMap<Subject, Vec<Grant>>,
}

impl Grants {
    pub fn of(roles: Vec<Role>, grants: Vec<Grant>) -> Self {
        let mut to: HashMap<Subject, Vec<Grant>> = HashMap::new();
        for grant in grants {
            to.entry(grant.subject).or_default().push(grant);
        }
        Self { roles: roles.into_iter().map(|role| (role.id, role)).collect(), to }
    }

    pub fn to(&self, subject: Subject) -> &[Grant] {
        self.to.get(&subject).map_or(&[], Vec::as_slice)
    }

    pub fn all(&self) -> impl Iterator<Item = &Grant> {
        self.to.values().flatten()
    }

    pub fn role(&self, id: RoleId) -> Option<&Role> {
        self.roles.get(&id)
    }

    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// The permissions of what is granted, of all that there are; `*` becomes all of them. What no module of the
    /// program has is nobody's. A particular one is given by the module that has it, and only by itself.
    pub fn permissions(&self, what: &What, all: &BTreeSet<String>) -> Vec<String> {
        let named = match what {
            What::Permission(permission) => vec![permission.clone()],
            What::Role(role) => self.roles.get(role).map(|role| role.permissions.clone()).unwrap_or_default(),
        };
        if named.iter().any(|permission| permission == "*") {
            return all.iter().filter(|permission| !is_particular(permission)).cloned().collect();
        }
        named.into_iter().filter(|permission| is_particular(permission) || all.contains(permission)).collect()
    }
}

impl Remembered for Grants {
    const NAME: &'static str = "access";

    fn read(tx: &mut Tx) -> Result<Self> {
        Ok(Self::of(store::list_roles(tx)?, store::list_grants_in_force(tx)?))
    }
}

/// Roles and grants as this unit of work sees them.
pub(crate) fn grants(tx: &mut Tx) -> Result<Arc<Grants>> {
    tx.remembered()
}
