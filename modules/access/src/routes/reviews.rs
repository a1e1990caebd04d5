//! 登录复核: abnormal sign-ins, and who looked at them when (ACC-17).

use hanlin_api::{App, Json, Me, Query, Reply, Routes, routes};
use hanlin_directory::{PersonName, Snapshot, model::Place};
use hanlin_kernel::{Actor, DepartmentId, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::SignInRow;
use crate::{
    actions::{self, ReviewSignIns, Standing},
    model::{Review, ReviewId},
    policy::REVIEW,
    watch::{Abnormal, Finding},
};

/// So many abnormal sign-ins are shown, the youngest; all are counted.
const SHOWN: usize = 500;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.can(REVIEW, routes!(find_sign_in_review, create_sign_in_review))
}

/// How the review of a place's sign-ins stands.
#[derive(Debug, Serialize, ToSchema)]
struct SignInReviewStanding {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_name: Option<Text>,
    /// The places whose sign-ins one may review.
    places: Vec<ReviewedPlace>,
    every_days: i64,
    /// Where the last review ended.
    #[schema(value_type = String, format = DateTime)]
    period_from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    period_to: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    overdue: bool,
    /// Attempts in the period.
    sign_ins: u64,
    /// How many of them are abnormal; 500 are shown, the youngest first.
    abnormal: u64,
    findings: Vec<FindingView>,
    /// The last twenty, the youngest first.
    reviews: Vec<ReviewView>,
}

/// Whose sign-ins are reviewed together; without a place: all.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewedPlace {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Text>,
}

/// An abnormal sign-in, and by which rules.
#[derive(Debug, Serialize, ToSchema)]
struct FindingView {
    #[serde(flatten)]
    sign_in: SignInRow,
    rules: Vec<Abnormal>,
    /// Of failures: how many that day.
    times: u64,
}

impl FindingView {
    fn of(finding: Finding, directory: &Snapshot) -> Self {
        let Finding { entry, rules, times } = finding;
        Self { sign_in: SignInRow::of(entry, directory), rules: rules.into_iter().collect(), times }
    }
}

/// A review that was done.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewView {
    id: ReviewId,
    reviewer: PersonName,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    period_from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    period_to: Timestamp,
    abnormal: u64,
    findings: String,
}

impl ReviewView {
    fn of(review: Review, directory: &Snapshot) -> Self {
        let Review { id, reviewer, at, period_from, period_to, abnormal, findings, .. } = review;
        let reviewer = PersonName::of(reviewer, directory);
        Self { id, reviewer, at, period_from, period_to, abnormal, findings }
    }
}

fn view(tx: &mut Tx, actor: &Actor, place: Option<Place>) -> Result<SignInReviewStanding> {
    let stands = actions::standing(tx, actor, place)?;
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let Standing { every_days, period_from, period_to, due_at, overdue, n_sign_ins, findings, reviews } = stands;
    let name = |place| directory.name_of(place, now).cloned();
    let places = actions::reviewed_places(actor, &directory, now);
    Ok(SignInReviewStanding {
        place,
        place_name: place.and_then(name),
        places: places.into_iter().map(|place| ReviewedPlace { place, name: place.and_then(name) }).collect(),
        every_days,
        period_from,
        period_to,
        due_at,
        overdue,
        sign_ins: n_sign_ins,
        abnormal: findings.len() as u64,
        findings: findings.into_iter().take(SHOWN).map(|finding| FindingView::of(finding, &directory)).collect(),
        reviews: reviews.into_iter().map(|review| ReviewView::of(review, &directory)).collect(),
    })
}

#[derive(Debug, Deserialize)]
struct Asked {
    unit: Option<UnitId>,
    department: Option<DepartmentId>,
}

/// What is to be reviewed of the sign-ins of a place, and until when. Without a place: of the largest that one may
/// review (ACC-17).
#[utoipa::path(get, path = "/sign_in_review", responses((status = 200, body = SignInReviewStanding)), params(
    ("unit" = Option<UnitId>, Query, description = "Whose sign-ins; a unit, or a department"),
    ("department" = Option<DepartmentId>, Query),
))]
async fn find_sign_in_review(app: App, Me(actor): Me, Query(asked): Query<Asked>) -> Reply<SignInReviewStanding> {
    app.read(move |tx| {
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        let asked = asked.department.map(Place::Department).or(asked.unit.map(Place::Unit));
        let largest = || actions::reviewed_places(&actor, &directory, now).into_iter().next().flatten();
        view(tx, &actor, asked.or_else(largest))
    })
    .await
}

/// Record that the sign-ins of a period were reviewed, with what was found. The next review is due one interval later.
#[utoipa::path(post, path = "/sign_in_reviews", request_body = ReviewSignIns,
    responses((status = 200, body = SignInReviewStanding)))]
async fn create_sign_in_review(
    app: App,
    Me(actor): Me,
    Json(intent): Json<ReviewSignIns>,
) -> Reply<SignInReviewStanding> {
    app.write(move |tx| {
        let review = actions::review_sign_ins(tx, &actor, intent.clone())?;
        view(tx, &actor, review.place)
    })
    .await
}
