use hanlin_api::{App, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::{
    MANAGE, PersonName,
    model::{Place, Validity},
};
use hanlin_kernel::{Actor, Can, Error, Page, Result, Text, UnitId};
use hanlin_rulebook::{Rules, rules};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    actions::{self, EndSeat, NameSeat, OfKind},
    model::{Because, Kind, Seat, SeatId},
};

pub(crate) fn routes() -> Routes {
    Routes::new().can(MANAGE, routes!(list_seats, find_unit_seats, create_seat, end_seat))
}

/// Which units.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only those where a seat is vacant.
    #[serde(default)]
    vacant: bool,
}

/// A unit with the seats it gave.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitSeats {
    unit: UnitId,
    name: Text,
    kinds: Vec<SeatsOfKind>,
    can: Can,
}

/// How a unit stands with one kind of seat.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SeatsOfKind {
    kind: Kind,
    /// How many the rules ask for.
    required: usize,
    /// How many of those nobody has.
    vacant: usize,
    /// Since when it has been short; absent: it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    vacant_since: Option<Timestamp>,
    /// The number of the clause that says how many; absent: none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_by: Option<String>,
    seats: Vec<SeatView>,
}

/// A seat as it was registered.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SeatView {
    id: SeatId,
    kind: Kind,
    person: PersonName,
    post: String,
    contact: String,
    #[serde(flatten)]
    validity: Validity,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_because: Option<Because>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered_by: Option<PersonName>,
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
}

/// The seats of one unit, with all it ever gave.
#[derive(Debug, Serialize, ToSchema)]
struct UnitSeatsEver {
    #[serde(flatten)]
    now: UnitSeats,
    /// Those that ended and those that are to come too, the newest first.
    ever: Vec<SeatView>,
}

impl SeatView {
    fn of(seat: &Seat, rules: &Rules) -> Self {
        let name = |person| PersonName::of(person, &rules.directory);
        Self {
            id: seat.id,
            kind: seat.kind,
            person: name(seat.person),
            post: seat.post.clone(),
            contact: seat.contact.clone(),
            validity: seat.validity,
            ended_because: seat.ended_because,
            registered_by: seat.registered_by.map(name),
            registered_at: seat.registered_at,
        }
    }
}

impl SeatsOfKind {
    fn of(of_kind: &OfKind, rules: &Rules) -> Self {
        Self {
            kind: of_kind.kind,
            required: of_kind.standing.required,
            vacant: of_kind.standing.vacant,
            vacant_since: of_kind.standing.since,
            required_by: of_kind.source.as_ref().map(|source| source.number.clone()),
            seats: of_kind.seats.iter().map(|seat| SeatView::of(seat, rules)).collect(),
        }
    }
}

impl UnitSeats {
    fn of(unit: UnitId, kinds: &[OfKind], actor: &Actor, rules: &Rules, at: Timestamp) -> Self {
        let in_use = rules.directory.unit(unit, at).is_some();
        Self {
            unit,
            name: rules.directory.name_of(Place::Unit(unit), at).cloned().unwrap_or_default(),
            kinds: kinds.iter().map(|kind| SeatsOfKind::of(kind, rules)).collect(),
            can: Can::none().when("name", in_use && actor.reaches(MANAGE, unit)),
        }
    }

    /// Is a seat vacant that the rules ask for?
    pub fn is_short(&self) -> bool {
        self.kinds.iter().any(|kind| kind.vacant > 0)
    }
}

/// How each of these units stands, for whoever shows units.
pub fn seats_of(tx: &mut Tx, actor: &Actor, rules: &Rules, units: &[UnitId]) -> Result<Vec<UnitSeats>> {
    let at = tx.now();
    let standings = actions::standings(tx, rules, units, at)?;
    let shown = units.iter().filter_map(|unit| Some(UnitSeats::of(*unit, standings.get(unit)?, actor, rules, at)));
    Ok(shown.collect())
}

/// The units one manages with their seats, in the order of the tree; on demand only those where one is vacant.
#[utoipa::path(get, path = "/seats", params(Which), responses((status = 200, body = Page<UnitSeats>)))]
async fn list_seats(app: App, Me(actor): Me, Query(which): Query<Which>) -> Reply<Page<UnitSeats>> {
    let list = move |tx: &mut Tx| {
        let rules = rules(tx)?;
        let units = actions::units_for(&actor, &rules.directory, tx.now());
        let mut items = seats_of(tx, &actor, &rules, &units)?;
        items.retain(|unit| !which.vacant || unit.is_short());
        Ok(Page { items, next: None })
    };
    app.read(list).await
}

/// One unit's seats, with all it ever gave.
#[utoipa::path(get, path = "/units/{id}/seats", params(("id" = UnitId, Path)),
    responses((status = 200, body = UnitSeatsEver)))]
async fn find_unit_seats(app: App, Me(actor): Me, Path(id): Path<UnitId>) -> Reply<UnitSeatsEver> {
    app.read(move |tx| ever(tx, &actor, id)).await
}

/// Name somebody for a unit, with post and contact, perhaps instead of another.
#[utoipa::path(post, path = "/units/{id}/seats", request_body = NameSeat, params(("id" = UnitId, Path)),
    responses((status = 200, body = UnitSeatsEver)))]
async fn create_seat(
    app: App,
    Me(actor): Me,
    Path(id): Path<UnitId>,
    Json(intent): Json<NameSeat>,
) -> Reply<UnitSeatsEver> {
    let name = move |tx: &mut Tx| {
        actions::name(tx, &actor, id, intent.clone())?;
        ever(tx, &actor, id)
    };
    app.write(name).await
}

/// Take somebody off his seat.
#[utoipa::path(post, path = "/seats/{id}/end", request_body = EndSeat, params(("id" = SeatId, Path)),
    responses((status = 200, body = UnitSeatsEver)))]
async fn end_seat(
    app: App,
    Me(actor): Me,
    Path(id): Path<SeatId>,
    Json(intent): Json<EndSeat>,
) -> Reply<UnitSeatsEver> {
    let end = move |tx: &mut Tx| {
        let seat = actions::end(tx, &actor, id, intent)?;
        ever(tx, &actor, seat.unit)
    };
    app.write(end).await
}

fn ever(tx: &mut Tx, actor: &Actor, unit: UnitId) -> Result<UnitSeatsEver> {
    actions::manage(actor, unit)?;
    let (rules, at) = (rules(tx)?, tx.now());
    rules.directory.last_unit(unit).ok_or(Error::NotFound)?;
    let (kinds, ever) = actions::standings_ever(tx, &rules, unit, at)?;
    let now = UnitSeats::of(unit, &kinds, actor, &rules, at);
    Ok(UnitSeatsEver { now, ever: ever.iter().rev().map(|seat| SeatView::of(seat, &rules)).collect() })
}
