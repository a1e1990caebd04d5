use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Actor, AppointmentId, DepartmentId, Page, PageRequest, PersonId, Result, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    EndAt,
    views::{AppointmentView, PersonRow, PersonView},
};
use crate::{
    MANAGE, READ, actions,
    actions::{Appoint, Leave, SetRank, TransferAppointment},
    model::Place,
    policy,
    search::{self, PeopleFilter},
    snapshot, store,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .can(READ, routes!(list_people, find_person))
        .can(MANAGE, routes!(update_person_rank, create_departure, create_reinstatement))
        .can(MANAGE, routes!(create_appointment, end_appointment, create_transfer))
}

/// What the address book is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A name, its pinyin or initials, a telephone number, an extension or an address from its beginning; a post or a
    /// department. Several words: all of them.
    q: Option<String>,
    /// Appointed in this department or below.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// Appointed in this unit or below.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
    /// As of this instant, and not of now.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Those who are not in service, instead of those who are; only of units one manages.
    #[serde(default)]
    left: bool,
    /// Only people of external organisations, or only those of the house.
    external: Option<bool>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
}

/// The address book: people in service, by pinyin.
#[utoipa::path(get, path = "/people", params(Wanted), responses((status = 200, body = Page<PersonRow>)))]
async fn list_people(app: App, Me(actor): Me, Query(wanted): Query<Wanted>) -> Reply<Page<PersonRow>> {
    let place = wanted.department.map(Place::Department).or(wanted.unit.map(Place::Unit));
    let filter = PeopleFilter { q: wanted.q, place, left: wanted.left, at: wanted.at, external: wanted.external };
    let request = PageRequest { after: wanted.after, limit: wanted.limit };
    let list = move |tx: &mut Tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        let at = wanted.at.unwrap_or(now);
        let people = search::people(tx, &actor, &filter, &request)?;
        Ok(people.map(|person| PersonRow::as_of(person, &snapshot, at, now)))
    };
    app.read(list).await
}

/// A person's card: contact, appointments, whom he reports to.
#[utoipa::path(get, path = "/people/{id}", params(("id" = PersonId, Path)),
    responses((status = 200, body = PersonView)))]
async fn find_person(app: App, Me(actor): Me, Path(id): Path<PersonId>) -> Reply<PersonView> {
    app.read(move |tx| person_view(tx, &actor, id)).await
}

/// Give a person another rank.
#[utoipa::path(put, path = "/people/{id}/rank", request_body = SetRank, responses((status = 200, body = PersonView)),
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_person_rank(
    app: App,
    Me(actor): Me,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<SetRank>,
) -> Reply<PersonView> {
    let set = move |tx: &mut Tx| {
        actions::set_rank(tx, &actor, id, version, intent.clone())?;
        person_view(tx, &actor, id)
    };
    app.write(set).await
}

/// Let a person leave: his service, appointments, leaderships and memberships end.
#[utoipa::path(post, path = "/people/{id}/departure", request_body = Leave,
    responses((status = 200, body = PersonView)),
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_departure(
    app: App,
    Me(actor): Me,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<Leave>,
) -> Reply<PersonView> {
    let leave = move |tx: &mut Tx| {
        actions::leave(tx, &actor, id, version, intent)?;
        person_view(tx, &actor, id)
    };
    app.write(leave).await
}

/// Take one who left back into service, as the same person.
#[utoipa::path(post, path = "/people/{id}/reinstatement", request_body = SetRank, responses((status = 200, body = PersonView)),
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_reinstatement(
    app: App,
    Me(actor): Me,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<SetRank>,
) -> Reply<PersonView> {
    let rejoin = move |tx: &mut Tx| {
        actions::rejoin(tx, &actor, id, version, intent.clone())?;
        person_view(tx, &actor, id)
    };
    app.write(rejoin).await
}

/// Give a person a post at a place.
#[utoipa::path(post, path = "/appointments", request_body = Appoint,
    responses((status = 200, body = AppointmentView)))]
async fn create_appointment(app: App, Me(actor): Me, Json(intent): Json<Appoint>) -> Reply<AppointmentView> {
    let appoint = move |tx: &mut Tx| {
        let held = actions::appoint(tx, &actor, intent.clone())?;
        Ok(AppointmentView::of(&held, &*snapshot(tx)?, held.validity.from))
    };
    app.write(appoint).await
}

/// End an appointment; one that has not begun is withdrawn.
#[utoipa::path(post, path = "/appointments/{id}/end", request_body = EndAt,
    responses((status = 200, body = PersonView)),
    params(("id" = AppointmentId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn end_appointment(
    app: App,
    Me(actor): Me,
    Path(id): Path<AppointmentId>,
    IfMatch(version): IfMatch,
    Json(EndAt { at }): Json<EndAt>,
) -> Reply<PersonView> {
    let end = move |tx: &mut Tx| {
        let held = actions::end_appointment(tx, &actor, id, version, at)?;
        person_view(tx, &actor, held.person)
    };
    app.write(end).await
}

/// Transfer: one appointment ends when another begins.
#[utoipa::path(post, path = "/appointments/{id}/transfer", request_body = TransferAppointment,
    responses((status = 200, body = AppointmentView)),
    params(("id" = AppointmentId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn create_transfer(
    app: App,
    Me(actor): Me,
    Path(id): Path<AppointmentId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<TransferAppointment>,
) -> Reply<AppointmentView> {
    let transfer = move |tx: &mut Tx| {
        let held = actions::transfer(tx, &actor, id, version, intent.clone())?;
        Ok(AppointmentView::of(&held, &*snapshot(tx)?, held.validity.from))
    };
    app.write(transfer).await
}

/// A person's card, if the actor may see him.
pub fn person_view(tx: &mut Tx, actor: &Actor, id: PersonId) -> Result<PersonView> {
    let person = store::find_person(tx, id)?;
    let can = actions::may_person(tx, actor, id)?;
    policy::require(&can, "read")?;
    Ok(PersonView::of(person, &*snapshot(tx)?, tx.now(), can, actor))
}
