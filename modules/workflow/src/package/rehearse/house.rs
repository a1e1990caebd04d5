use std::sync::Arc;

use hanlin_directory::{Snapshot, cast};
use hanlin_kernel::{PersonId, Result, UnitId};
use hanlin_rulebook::{Rulebook, Rules};
use hanlin_store::Tx;
use hanlin_worktime::{Calendar, Calendars, PublicHolidays, shipped};
use jiff::Timestamp;

use crate::cases::World;

/// The organisation in which cases are played.
#[derive(Clone)]
pub struct House {
    pub directory: Arc<Snapshot>,
    pub rules: Rules,
    /// Absent: the standard calendar holds everywhere.
    pub calendars: Option<Arc<Calendars>>,
    /// Who gets what nobody else can do.
    pub administrators: Vec<PersonId>,
    standard: Arc<Calendar>,
}

impl House {
    pub fn new(
        directory: Arc<Snapshot>,
        rulebook: Arc<Rulebook>,
        calendars: Option<Arc<Calendars>>,
        administrators: Vec<PersonId>,
    ) -> Self {
        let rules = Rules { rulebook, directory: directory.clone() };
        let standard = Arc::new(Calendar::standard(Arc::new(PublicHolidays::of(shipped()))));
        Self { directory, rules, calendars, administrators, standard }
    }

    /// The sample organisation, without a database.
    pub fn sample() -> Self {
        Self::new(Arc::new(cast::snapshot()), Arc::default(), None, vec![cast::GAO_XIANG])
    }

    /// An installation as it stands now.
    pub fn of(tx: &mut Tx) -> Result<Self> {
        let now = tx.now();
        let rules = hanlin_rulebook::rules(tx)?;
        let calendars = hanlin_worktime::calendars(tx)?;
        let directory = rules.directory.clone();
        let mut administrators = Vec::new();
        for top in directory.roots(now) {
            administrators.extend(hanlin_access::people_with(tx, crate::MANAGE, top.id)?);
        }
        Ok(Self::new(directory, rules.rulebook, Some(calendars), administrators))
    }

    /// Everything outside a case, for an initiator of this unit.
    pub(super) fn world(&self, unit: Option<UnitId>, at: Timestamp) -> World {
        let upwards = unit.map(|unit| self.directory.units_upwards(unit, at)).unwrap_or_default();
        let calendar = self.calendars.as_ref().map_or(&self.standard, |calendars| calendars.nearest(&upwards));
        World {
            at,
            directory: self.directory.clone(),
            calendar: calendar.clone(),
            rules: self.rules.clone(),
            administrators: self.administrators.clone(),
            unit,
            submitted: Vec::new(),
            // Whatever waits elsewhere: in a test case, everybody is free.
            loads: Arc::default(),
            agents: None,
            records: Arc::default(),
        }
    }

    /// How test cases name a person.
    pub(super) fn login(&self, id: PersonId) -> String {
        let Some(person) = self.directory.person(id) else { return id.to_string() };
        let address = person.email.as_deref().and_then(|email| email.split('@').next());
        address.or(person.employee_number.as_deref()).unwrap_or(&person.name).to_owned()
    }
}

/// A person by employee number, by what stands before the `@` of his e-mail address (dots do not matter), by name where
/// only one bears it, or by id.
pub fn find_person(directory: &Snapshot, login: &str) -> Option<PersonId> {
    if let Some(person) = directory.person_by_code(login) {
        return Some(person);
    }
    if let Some(person) = login.parse().ok().and_then(|id| directory.person(id)) {
        return Some(person.id);
    }
    let bare = |text: &str| text.replace('.', "");
    let address = |email: &String| email.split('@').next().is_some_and(|own| bare(own) == bare(login));
    let by_address = directory.people().find(|person| person.email.as_ref().is_some_and(address));
    let mut named = directory.people().filter(|person| person.name == login);
    by_address.map(|person| person.id).or_else(|| match (named.next(), named.next()) {
        (Some(only), None) => Some(only.id),
        _ => None,
    })
}
