//! Posts, ranks and groups.

use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Actor, GroupId, Page, PageRequest, PersonId, PostId, RankId, Result, Text};
use hanlin_store::Tx;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    EndAt, Recorded,
    views::{GroupView, PersonRow, PostView, RankView, TeamView},
};
use crate::{
    MANAGE, READ, actions,
    actions::{AddMember, ChangeGroup, ChangePost, CreateGroup, CreatePost, CreateRank},
    model::{Group, Place, Post, Rank},
    policy::{self, Home, units_that_apply},
    snapshot,
    store::{self, GroupKind},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .signed_in(routes!(list_own_teams))
        .can(READ, routes!(list_posts, list_ranks, list_groups, list_group_members))
        .can(MANAGE, routes!(create_post, update_post, end_post, create_rank, update_rank, end_rank))
        .can(MANAGE, routes!(create_group, update_group, end_group, create_group_member, delete_group_member))
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
}

impl From<Paging> for PageRequest {
    fn from(Paging { after, limit }: Paging) -> Self {
        Self { after, limit }
    }
}

/// Another name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rename {
    name: Text,
}

/// Which groups, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichGroups {
    /// Only teams, or only groups that are none.
    #[param(inline)]
    kind: Option<GroupKind>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
}

impl PostView {
    fn of(post: Post, actor: &Actor) -> Self {
        let can = policy::may(actor, Home::unit(post.unit));
        let Post { id, unit, code, name, position, validity, version } = post;
        Self { id, unit, code, name, position, validity, can, version }
    }
}

impl RankView {
    fn of(rank: Rank, actor: &Actor) -> Self {
        let can = policy::may(actor, Home::unit(rank.unit));
        let Rank { id, unit, code, name, level, validity, version } = rank;
        Self { id, unit, code, name, level, validity, can, version }
    }
}

impl GroupView {
    fn of(tx: &mut Tx, group: Group, actor: &Actor) -> Result<Self> {
        let can = policy::may(actor, Home::unit(group.unit));
        let members = store::count_members(tx, group.id)?;
        let snapshot = snapshot(tx)?;
        let team = group.team.as_ref().map(|team| TeamView::of(&group, team, &snapshot, tx.now()));
        let unit_name = snapshot.name_of(Place::Unit(group.unit), tx.now()).cloned().unwrap_or_default();
        let Group { id, unit, code, name, validity, version, .. } = group;
        Ok(Self { id, unit, unit_name, code, name, team, members, validity, can, version })
    }
}

/// The posts that apply in the units in reach, in their order.
#[utoipa::path(get, path = "/posts", params(Paging), responses((status = 200, body = Page<PostView>)))]
async fn list_posts(app: App, Me(actor): Me, Query(paging): Query<Paging>) -> Reply<Page<PostView>> {
    let list = move |tx: &mut Tx| {
        let units = units_that_apply(&*snapshot(tx)?, &actor, tx.now());
        let posts = store::list_posts(tx, units.as_deref(), &paging.into())?;
        Ok(posts.map(|post| PostView::of(post, &actor)))
    };
    app.read(list).await
}

/// Define a post for a unit and those below it.
#[utoipa::path(post, path = "/posts", request_body = CreatePost, responses((status = 200, body = PostView)))]
async fn create_post(app: App, Me(actor): Me, Json(intent): Json<CreatePost>) -> Reply<PostView> {
    app.write(move |tx| Ok(PostView::of(actions::create_post(tx, &actor, intent.clone())?, &actor))).await
}

/// Rename a post or give it another position.
#[utoipa::path(patch, path = "/posts/{id}", request_body = ChangePost, responses((status = 200, body = PostView)),
    params(("id" = PostId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_post(
    app: App,
    Me(actor): Me,
    Path(id): Path<PostId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangePost>,
) -> Reply<PostView> {
    app.write(move |tx| Ok(PostView::of(actions::change_post(tx, &actor, id, version, intent.clone())?, &actor))).await
}

/// Abolish a post that nobody holds.
#[utoipa::path(post, path = "/posts/{id}/end", request_body = EndAt, responses((status = 200, body = Recorded)),
    params(("id" = PostId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn end_post(
    app: App,
    Me(actor): Me,
    Path(id): Path<PostId>,
    IfMatch(version): IfMatch,
    Json(EndAt { at }): Json<EndAt>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::end_post(tx, &actor, id, version, at).map(|()| Recorded {})).await
}

/// The ranks that apply in the units in reach, from the lowest up.
#[utoipa::path(get, path = "/ranks", params(Paging), responses((status = 200, body = Page<RankView>)))]
async fn list_ranks(app: App, Me(actor): Me, Query(paging): Query<Paging>) -> Reply<Page<RankView>> {
    let list = move |tx: &mut Tx| {
        let units = units_that_apply(&*snapshot(tx)?, &actor, tx.now());
        let ranks = store::list_ranks(tx, units.as_deref(), &paging.into())?;
        Ok(ranks.map(|rank| RankView::of(rank, &actor)))
    };
    app.read(list).await
}

/// Define a rank for a unit and those below it.
#[utoipa::path(post, path = "/ranks", request_body = CreateRank, responses((status = 200, body = RankView)))]
async fn create_rank(app: App, Me(actor): Me, Json(intent): Json<CreateRank>) -> Reply<RankView> {
    app.write(move |tx| Ok(RankView::of(actions::create_rank(tx, &actor, intent.clone())?, &actor))).await
}

/// Rename a rank. Its level stays: routes were decided by it.
#[utoipa::path(patch, path = "/ranks/{id}", request_body = Rename, responses((status = 200, body = RankView)),
    params(("id" = RankId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_rank(
    app: App,
    Me(actor): Me,
    Path(id): Path<RankId>,
    IfMatch(version): IfMatch,
    Json(Rename { name }): Json<Rename>,
) -> Reply<RankView> {
    app.write(move |tx| Ok(RankView::of(actions::rename_rank(tx, &actor, id, version, name.clone())?, &actor))).await
}

/// Abolish a rank that nobody has.
#[utoipa::path(post, path = "/ranks/{id}/end", request_body = EndAt, responses((status = 200, body = Recorded)),
    params(("id" = RankId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn end_rank(
    app: App,
    Me(actor): Me,
    Path(id): Path<RankId>,
    IfMatch(version): IfMatch,
    Json(EndAt { at }): Json<EndAt>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::end_rank(tx, &actor, id, version, at).map(|()| Recorded {})).await
}

/// The groups and teams that apply in the units in reach, oldest first.
#[utoipa::path(get, path = "/groups", params(WhichGroups), responses((status = 200, body = Page<GroupView>)))]
async fn list_groups(app: App, Me(actor): Me, Query(which): Query<WhichGroups>) -> Reply<Page<GroupView>> {
    let request = PageRequest { after: which.after, limit: which.limit };
    let list = move |tx: &mut Tx| {
        let units = units_that_apply(&*snapshot(tx)?, &actor, tx.now());
        let Page { items, next } = store::list_groups(tx, units.as_deref(), which.kind, &request)?;
        let items = items.into_iter().map(|group| GroupView::of(tx, group, &actor)).collect::<Result<_>>()?;
        Ok(Page { items, next })
    };
    app.read(list).await
}

/// The teams that I am in.
#[utoipa::path(get, path = "/profile/teams", responses((status = 200, body = Page<GroupView>)))]
async fn list_own_teams(app: App, Me(actor): Me) -> Reply<Page<GroupView>> {
    let list = move |tx: &mut Tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        let own = snapshot.groups_of(actor.person, now).into_iter().filter_map(|group| snapshot.group(group));
        let teams: Vec<Group> = own.filter(|group| group.team.is_some()).cloned().collect();
        let items = teams.into_iter().map(|team| GroupView::of(tx, team, &actor)).collect::<Result<_>>()?;
        Ok(Page { items, next: None })
    };
    app.read(list).await
}

/// The members of a group, by pinyin.
#[utoipa::path(get, path = "/groups/{id}/members", params(("id" = GroupId, Path), Paging),
    responses((status = 200, body = Page<PersonRow>)))]
async fn list_group_members(
    app: App,
    Me(actor): Me,
    Path(id): Path<GroupId>,
    Query(paging): Query<Paging>,
) -> Reply<Page<PersonRow>> {
    let list = move |tx: &mut Tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        let group = store::find_group(tx, id)?;
        if units_that_apply(&snapshot, &actor, now).is_some_and(|units| !units.contains(&group.unit)) {
            return Err(hanlin_kernel::Error::NotFound);
        }
        let people = store::list_members(tx, id, &paging.into())?;
        Ok(people.map(|person| PersonRow::of(person, &snapshot, now)))
    };
    app.read(list).await
}

/// Found a group for a unit and those below it.
#[utoipa::path(post, path = "/groups", request_body = CreateGroup, responses((status = 200, body = GroupView)))]
async fn create_group(app: App, Me(actor): Me, Json(intent): Json<CreateGroup>) -> Reply<GroupView> {
    let create = move |tx: &mut Tx| {
        let group = actions::create_group(tx, &actor, intent.clone())?;
        GroupView::of(tx, group, &actor)
    };
    app.write(create).await
}

/// Give a group another name, or a team another leader or purpose.
#[utoipa::path(patch, path = "/groups/{id}", request_body = ChangeGroup, responses((status = 200, body = GroupView)),
    params(("id" = GroupId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_group(
    app: App,
    Me(actor): Me,
    Path(id): Path<GroupId>,
    IfMatch(version): IfMatch,
    Json(intent): Json<ChangeGroup>,
) -> Reply<GroupView> {
    let change = move |tx: &mut Tx| {
        let group = actions::change_group(tx, &actor, id, version, intent.clone())?;
        GroupView::of(tx, group, &actor)
    };
    app.write(change).await
}

/// Dissolve a group.
#[utoipa::path(post, path = "/groups/{id}/end", request_body = EndAt, responses((status = 200, body = Recorded)),
    params(("id" = GroupId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn end_group(
    app: App,
    Me(actor): Me,
    Path(id): Path<GroupId>,
    IfMatch(version): IfMatch,
    Json(EndAt { at }): Json<EndAt>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::end_group(tx, &actor, id, version, at).map(|()| Recorded {})).await
}

/// Take a person into a group.
#[utoipa::path(post, path = "/groups/{id}/members", request_body = AddMember, params(("id" = GroupId, Path)),
    responses((status = 200, body = Recorded)))]
async fn create_group_member(
    app: App,
    Me(actor): Me,
    Path(id): Path<GroupId>,
    Json(intent): Json<AddMember>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::add_member(tx, &actor, id, intent.clone()).map(|_| Recorded {})).await
}

/// Let a person go from a group, from now on.
#[utoipa::path(delete, path = "/groups/{id}/members/{person}", responses((status = 200, body = Recorded)),
    params(("id" = GroupId, Path), ("person" = PersonId, Path)))]
async fn delete_group_member(
    app: App,
    Me(actor): Me,
    Path((id, person)): Path<(GroupId, PersonId)>,
) -> Reply<Recorded> {
    app.write(move |tx| actions::remove_member(tx, &actor, id, person, None).map(|()| Recorded {})).await
}
