//! People as files for telephones and mail programs.

use hanlin_api::{
    App, Failure, Me, Path, Query, Routes,
    http::{HeaderValue, IntoResponse, Response, header},
    routes,
};
use hanlin_kernel::{DepartmentId, Error, PageRequest, PersonId, Result, UnitId};
use hanlin_store::Tx;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    READ,
    model::Place,
    routes::people::person_view,
    rules::Refusal,
    search::{self, PeopleFilter},
    snapshot, store, vcard,
};

/// As many cards as one file may hold: a department or a company, not everybody by mistake.
const MOST_CARDS: usize = 5_000;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.can(READ, routes!(find_vcard, list_vcards))
}

/// Whose cards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// As the address book is searched.
    q: Option<String>,
    /// Appointed in this department or below.
    #[param(value_type = Option<String>)]
    department: Option<DepartmentId>,
    /// Appointed in this unit or below.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
}

/// A person's card as vCard 4.0.
#[utoipa::path(get, path = "/people/{id}/vcard", params(("id" = PersonId, Path)),
    responses((status = 200, body = String, content_type = "text/vcard")))]
async fn find_vcard(app: App, Me(actor): Me, Path(id): Path<PersonId>) -> Result<Response, Failure> {
    let find = move |tx: &mut Tx| {
        person_view(tx, &actor, id)?;
        let person = store::find_person(tx, id)?;
        vcard::card(&person, &*snapshot(tx)?, tx.now()).ok_or(Error::NotFound)
    };
    Ok(file(app.db().read(find).await?, "person.vcf"))
}

/// The cards of a search, a department or a unit in one file.
#[utoipa::path(get, path = "/vcards", params(Whose),
    responses((status = 200, body = String, content_type = "text/vcard")))]
async fn list_vcards(app: App, Me(actor): Me, Query(whose): Query<Whose>) -> Result<Response, Failure> {
    let place = whose.department.map(Place::Department).or(whose.unit.map(Place::Unit));
    let filter = PeopleFilter { q: whose.q, place, ..PeopleFilter::default() };
    let list = move |tx: &mut Tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        let (mut cards, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest { after, limit: Some(200) };
            let page = search::people(tx, &actor, &filter, &request)?;
            cards.extend(page.items.iter().filter_map(|person| vcard::card(person, &snapshot, now)));
            if cards.len() > MOST_CARDS {
                return Err(Refusal::TooManyCards { limit: MOST_CARDS }.into());
            }
            after = page.next;
            if after.is_none() {
                return Ok(cards.concat());
            }
        }
    };
    Ok(file(app.db().read(list).await?, "people.vcf"))
}

fn file(cards: String, name: &'static str) -> Response {
    let disposition =
        HeaderValue::try_from(format!("attachment; filename={name}")).expect("file names are plain ASCII");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/vcard; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, cards).into_response()
}
