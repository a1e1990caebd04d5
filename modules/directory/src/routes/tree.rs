//! The organisation, one level at a time: what lies right below a place, and the way up from it.

use hanlin_api::{App, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Actor, DepartmentId, Error, Page, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::views::{NodeKind, PersonName};
use crate::{
    READ,
    model::{Place, UnitKind},
    policy, snapshot,
    snapshot::Snapshot,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.can(READ, routes!(list_places, find_place))
}

/// Below what, and as of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Below {
    /// Right below this unit.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
    /// Right below this department.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// An instant, past or to come; absent: now.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct When {
    /// An instant, past or to come; absent: now.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// A unit or department as a line of the tree or a box of the chart.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PlaceRow {
    /// Of a unit or of a department, as `kind` says.
    id: String,
    kind: NodeKind,
    /// What kind of unit it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_kind: Option<UnitKind>,
    name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leader_in_charge: Option<PersonName>,
    /// Whose main appointment is here or below.
    people: u64,
    /// How many places lie right below it.
    places: u64,
}

/// A place with the way up from it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PlaceWithWay {
    #[serde(flatten)]
    row: PlaceRow,
    /// The places it lies in, the top one first.
    above: Vec<PlaceStep>,
}

/// A place on the way.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PlaceStep {
    id: String,
    kind: NodeKind,
    name: Text,
}

/// What lies right below a place, or at the top of the organisation, in its order.
#[utoipa::path(get, path = "/places", params(Below), responses((status = 200, body = Page<PlaceRow>)))]
async fn list_places(app: App, Me(actor): Me, Query(asked): Query<Below>) -> Reply<Page<PlaceRow>> {
    let list = move |tx: &mut Tx| {
        let (snapshot, at) = (snapshot(tx)?, asked.at.unwrap_or_else(|| tx.now()));
        let reader = Reader { actor: &actor, snapshot: &snapshot, at };
        let below = match asked.department.map(Place::Department).or(asked.unit.map(Place::Unit)) {
            Some(place) => snapshot.children(place, at),
            None => snapshot.roots(at).into_iter().map(|root| Place::Unit(root.id)).collect(),
        };
        Ok(Page { items: below.into_iter().filter_map(|place| reader.row(place)).collect(), next: None })
    };
    app.read(list).await
}

/// One place, with the places it lies in.
#[utoipa::path(get, path = "/places/{id}", params(("id" = String, Path), When),
    responses((status = 200, body = PlaceWithWay)))]
async fn find_place(
    app: App,
    Me(actor): Me,
    Path(id): Path<String>,
    Query(When { at }): Query<When>,
) -> Reply<PlaceWithWay> {
    let find = move |tx: &mut Tx| {
        let (snapshot, at) = (snapshot(tx)?, at.unwrap_or_else(|| tx.now()));
        let reader = Reader { actor: &actor, snapshot: &snapshot, at };
        let place = snapshot.place(&id).ok_or(Error::NotFound)?;
        let row = reader.row(place).ok_or(Error::NotFound)?;
        let mut above: Vec<PlaceStep> =
            snapshot.ancestors(place, at).into_iter().skip(1).map(|place| reader.step(place)).collect();
        above.reverse();
        Ok(PlaceWithWay { row, above })
    };
    app.read(find).await
}

/// What one reader may see at one instant.
struct Reader<'a> {
    actor: &'a Actor,
    snapshot: &'a Snapshot,
    at: Timestamp,
}

impl Reader<'_> {
    /// Nothing if he may see neither the place nor anything below it.
    fn row(&self, place: Place) -> Option<PlaceRow> {
        let (snapshot, at) = (self.snapshot, self.at);
        let unit = snapshot.unit_of(place, at)?;
        let name = |person| PersonName::of(person, snapshot);
        Some(PlaceRow {
            id: place.node(),
            kind: kind(place),
            unit_kind: place.unit().and_then(|_| snapshot.unit(unit, at)).map(|unit| unit.kind),
            name: snapshot.name_of(place, at).cloned().unwrap_or_default(),
            head: snapshot.head(place, at).map(name),
            leader_in_charge: snapshot.in_charge_of(place, at).map(name),
            people: self.people(place)?,
            places: snapshot.children(place, at).into_iter().filter(|child| self.people(*child).is_some()).count()
                as u64,
        })
    }

    /// How many are in the places at or below this one that he may see; `None`: he may see none of them.
    fn people(&self, place: Place) -> Option<u64> {
        let (snapshot, at) = (self.snapshot, self.at);
        if self.actor.reaches_all(READ) {
            return Some(snapshot.headcount_below(place, at));
        }
        let outside = snapshot.is_external_place(place);
        let is_counted = |below: &Place| self.sees(*below) && (outside || !snapshot.is_external_place(*below));
        let seen = snapshot.and_below(place, at).into_iter().filter(is_counted);
        seen.map(|place| snapshot.headcount(place, at)).reduce(|one, another| one + another)
    }

    fn sees(&self, place: Place) -> bool {
        policy::sees_place(self.actor, place, self.snapshot, self.at)
    }

    fn step(&self, place: Place) -> PlaceStep {
        let name = self.snapshot.name_of(place, self.at).cloned().unwrap_or_default();
        PlaceStep { id: place.node(), kind: kind(place), name }
    }
}

fn kind(place: Place) -> NodeKind {
    match place {
        Place::Unit(_) => NodeKind::Unit,
        Place::Department(_) => NodeKind::Department,
    }
}
