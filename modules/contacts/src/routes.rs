//! HTTP in, HTTP out.

use std::collections::HashMap;

use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::{
    ChangePerson, JoinPerson, MANAGE, PersonView,
    model::{Person, Place},
    person_view,
};
use hanlin_kernel::{DepartmentId, Error, Locale, Page, PageRequest, PersonId, Result, Text, UnitId};
use hanlin_rulebook::{Rules, Source, rules};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    actions::{self, Chase},
    model::{Field, Measured},
    rules::{missing, percent},
    store,
};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .external(routes!(update_person, find_profile))
        .can(MANAGE, routes!(create_person, find_completeness, list_incomplete, create_chase))
}

/// Take a person into service, in his main appointment.
#[utoipa::path(post, path = "/people", request_body = JoinPerson, responses((status = 200, body = PersonView)))]
async fn create_person(app: App, Me(actor): Me, Json(intent): Json<JoinPerson>) -> Reply<PersonView> {
    let join = move |tx: &mut Tx| {
        let person = actions::join(tx, &actor, intent.clone())?;
        person_view(tx, &actor, person.id)
    };
    app.write(join).await
}

/// Change what is known of a person. Everybody may change his own telephones, mailbox and language.
#[utoipa::path(patch, path = "/people/{id}", request_body = ChangePerson, responses((status = 200, body = PersonView)),
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_person(
    app: App,
    Me(actor): Me,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangePerson>,
) -> Reply<PersonView> {
    let change = move |tx: &mut Tx| {
        actions::change_person(tx, &actor, id, version, intent.clone())?;
        person_view(tx, &actor, id)
    };
    app.write(change).await
}

/// One's own profile, with what it lacks.
#[derive(Debug, Serialize, ToSchema)]
struct Profile {
    id: PersonId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    office_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    locale: Locale,
    required: Vec<Field>,
    missing: Vec<Field>,
    /// The organisation's mail domains; empty: a mailbox anywhere will do.
    email_domains: Vec<String>,
    /// The clause that says what is required; absent: none does, the product's own careful value holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_by: Option<ClauseName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_domains_by: Option<ClauseName>,
    /// For `If-Match`.
    version: u64,
}

/// A clause, by its number and the unit whose rule it is.
#[derive(Debug, Serialize, ToSchema)]
struct ClauseName {
    number: String,
    unit: Text,
}

impl ClauseName {
    fn of(source: Source, rules: &Rules, at: Timestamp) -> Self {
        let unit = rules.directory.name_of(Place::Unit(source.unit), at).cloned().unwrap_or_default();
        Self { number: source.number, unit }
    }
}

/// My own profile, what the rules ask of it and what it lacks.
#[utoipa::path(get, path = "/profile", responses((status = 200, body = Profile)))]
async fn find_profile(app: App, Me(actor): Me) -> Reply<Profile> {
    let find = move |tx: &mut Tx| {
        let (rules, now) = (rules(tx)?, tx.now());
        let person = rules.directory.person(actor.person).ok_or(Error::NotFound)?.clone();
        let due = actions::due(&rules, person.id, now);
        let missing = missing(&person, &due);
        let named = |source: Option<Source>| source.map(|source| ClauseName::of(source, &rules, now));
        let (required_by, email_domains_by) = (named(due.required_by), named(due.domains_by));
        let Person { id, name, mobile, office_phone, email, locale, version, .. } = person;
        let (required, email_domains) = (due.required, due.domains);
        Ok(Profile {
            id,
            name,
            mobile,
            office_phone,
            email,
            locale,
            required,
            missing,
            email_domains,
            required_by,
            email_domains_by,
            version,
        })
    };
    app.read(find).await
}

/// Whose profiles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// Of this unit and below.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
    /// Of this department and below.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
}

impl Whose {
    fn place(&self) -> Option<Place> {
        self.department.map(Place::Department).or(self.unit.map(Place::Unit))
    }
}

/// How complete the profiles of people are, together and by place.
#[derive(Debug, Serialize, ToSchema)]
struct Completeness {
    people: u64,
    complete: u64,
    /// Whole percents; 100 only when nothing is missing anywhere.
    percent: u64,
    /// Where people are mainly appointed, the least complete first.
    places: Vec<PlaceCompleteness>,
}

/// How complete the profiles of those are who are mainly appointed in a place.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceCompleteness {
    place: Place,
    name: Text,
    unit: Text,
    people: u64,
    complete: u64,
    percent: u64,
}

/// How complete the profiles of the people in reach are (ORG-22).
#[utoipa::path(get, path = "/completeness", params(Whose), responses((status = 200, body = Completeness)))]
async fn find_completeness(app: App, Me(actor): Me, Query(whose): Query<Whose>) -> Reply<Completeness> {
    let find = move |tx: &mut Tx| {
        let (rules, now) = (rules(tx)?, tx.now());
        let measured = actions::measure(tx, &rules, &actor, whose.place(), now)?;
        let mut counts: HashMap<Place, (u64, u64)> = HashMap::new();
        for one in &measured {
            let (people, complete) = counts.entry(one.place).or_default();
            *people += 1;
            *complete += u64::from(one.missing.is_empty());
        }
        let name = |place: Place| rules.directory.name_of(place, now).cloned().unwrap_or_default();
        let unit = |place: Place| rules.directory.unit_of(place, now).map(|unit| name(Place::Unit(unit)));
        let view = |(place, (people, complete)): (Place, (u64, u64))| PlaceCompleteness {
            place,
            name: name(place),
            unit: unit(place).unwrap_or_default(),
            people,
            complete,
            percent: percent(complete, people),
        };
        let mut places: Vec<PlaceCompleteness> = counts.into_iter().map(view).collect();
        places.sort_by(|one, another| {
            (one.percent, &one.name.zh, one.place).cmp(&(another.percent, &another.name.zh, another.place))
        });
        let people = measured.len() as u64;
        let complete = measured.iter().filter(|one| one.missing.is_empty()).count() as u64;
        Ok(Completeness { people, complete, percent: percent(complete, people), places })
    };
    app.read(find).await
}

/// A person whose profile lacks something.
#[derive(Debug, Serialize, ToSchema)]
struct Incomplete {
    id: PersonId,
    name: String,
    place: Place,
    place_name: Text,
    missing: Vec<Field>,
    /// When he was last asked to complete it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<Timestamp>,
}

/// Who lacks what, by pinyin.
#[utoipa::path(get, path = "/completeness/people", params(Whose), responses((status = 200, body = Page<Incomplete>)))]
async fn list_incomplete(app: App, Me(actor): Me, Query(whose): Query<Whose>) -> Reply<Page<Incomplete>> {
    let list = move |tx: &mut Tx| {
        let (rules, now) = (rules(tx)?, tx.now());
        let asked: HashMap<PersonId, Timestamp> =
            store::list_asked(tx)?.into_iter().map(|asked| (asked.person, asked.at)).collect();
        let measured = actions::measure(tx, &rules, &actor, whose.place(), now)?;
        let lacking: Vec<Measured> = measured.into_iter().filter(|one| !one.missing.is_empty()).collect();
        let request = PageRequest { after: whose.after, limit: whose.limit };
        let view = |Measured { person, place, missing }: Measured| Incomplete {
            id: person,
            name: rules.directory.person_name(person),
            place,
            place_name: rules.directory.name_of(place, now).cloned().unwrap_or_default(),
            missing,
            asked_at: asked.get(&person).copied(),
        };
        Ok(page(lacking, &request, &rules)?.map(view))
    };
    app.read(list).await
}

/// One page of a list that is in the order of pinyin: what comes after the person that `after` names.
fn page(lacking: Vec<Measured>, request: &PageRequest, rules: &Rules) -> Result<Page<Measured>> {
    let key = |person: PersonId| rules.directory.person(person).map(|person| (person.sort_key.as_str(), person.id));
    let begin = match &request.after {
        None => 0,
        Some(after) => {
            let bad = || Error::invalid("after", "contacts.bad_cursor");
            let last = key(after.parse().map_err(|_| bad())?).ok_or_else(bad)?;
            lacking.partition_point(|one| key(one.person).is_some_and(|key| key <= last))
        }
    };
    let rest: Vec<Measured> = lacking.into_iter().skip(begin).take(request.limit() + 1).collect();
    Ok(Page::of(rest, request.limit(), |one| one.person.to_string()))
}

/// How many were asked.
#[derive(Debug, Serialize, ToSchema)]
struct Chased {
    /// Asked now.
    told: u64,
    /// Lack something, but were asked today already.
    already: u64,
}

/// Ask everybody whose profile lacks something to complete it, once a day at most.
#[utoipa::path(post, path = "/completeness/chases", request_body = Chase, responses((status = 200, body = Chased)))]
async fn create_chase(app: App, Me(actor): Me, Json(intent): Json<Chase>) -> Reply<Chased> {
    let chase = move |tx: &mut Tx| {
        let (told, already) = actions::chase(tx, &actor, intent)?;
        Ok(Chased { told, already })
    };
    app.write(chase).await
}
