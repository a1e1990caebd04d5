//! What happened to the organisation, with old and new values.

use hanlin_kernel::{Audience, DepartmentId, GroupId, Id, PersonId, PostId, RankId, UnitId};
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{
    Appointment, BatchId, Department, Group, Leadership, LeadershipKind, Person, Place, Post, Rank, Service, Unit,
};

/// Each is recorded under `directory.<its name>`, in the stream of what it happened to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    UnitCreated {
        unit: Unit,
    },
    UnitChanged {
        before: Unit,
        after: Unit,
    },
    UnitEnded {
        unit: UnitId,
        at: Timestamp,
    },
    UnitReopened {
        unit: Unit,
    },
    DepartmentCreated {
        department: Department,
    },
    DepartmentChanged {
        before: Department,
        after: Department,
    },
    DepartmentEnded {
        department: DepartmentId,
        at: Timestamp,
    },
    DepartmentReopened {
        department: Department,
    },
    PostCreated {
        post: Post,
    },
    PostChanged {
        before: Post,
        after: Post,
    },
    PostEnded {
        post: PostId,
        at: Timestamp,
    },
    RankCreated {
        rank: Rank,
    },
    RankChanged {
        before: Rank,
        after: Rank,
    },
    RankEnded {
        rank: RankId,
        at: Timestamp,
    },
    PersonJoined {
        person: Person,
        service: Service,
    },
    PersonChanged {
        before: Person,
        after: Person,
    },
    PersonRanked {
        person: PersonId,
        before: Option<RankId>,
        after: Option<RankId>,
        from: Timestamp,
    },
    PersonLeft {
        person: PersonId,
        at: Timestamp,
        successor: Option<PersonId>,
    },
    Appointed {
        appointment: Appointment,
    },
    AppointmentEnded {
        appointment: Appointment,
        at: Timestamp,
    },
    /// A head or leader in charge was set, or taken away where there is none after.
    LeaderSet {
        kind: LeadershipKind,
        place: Place,
        before: Option<Leadership>,
        after: Option<PersonId>,
        from: Timestamp,
    },
    GroupCreated {
        group: Group,
    },
    GroupChanged {
        before: Group,
        after: Group,
    },
    GroupEnded {
        group: GroupId,
        at: Timestamp,
    },
    MemberAdded {
        group: GroupId,
        person: PersonId,
        from: Timestamp,
    },
    MemberRemoved {
        group: GroupId,
        person: PersonId,
        at: Timestamp,
    },
    /// A person was written down with all that will hold of him once his batch is admitted, and not before.
    PersonPrepared {
        batch: BatchId,
        person: Person,
        service: Vec<Service>,
        appointments: Vec<Appointment>,
    },
    /// All that was prepared in the batch holds.
    BatchAdmitted {
        batch: BatchId,
        people: u64,
    },
    /// These were prepared and will not come.
    BatchDiscarded {
        batch: BatchId,
        people: Vec<PersonId>,
    },
    SampleLoaded {
        units: usize,
        people: usize,
    },
    /// An organisation that does not exist was made from this seed.
    OrganisationGenerated {
        seed: u64,
        units: usize,
        people: usize,
    },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::UnitCreated { .. } => "directory.unit_created",
            Self::UnitChanged { .. } => "directory.unit_changed",
            Self::UnitEnded { .. } => "directory.unit_ended",
            Self::UnitReopened { .. } => "directory.unit_reopened",
            Self::DepartmentCreated { .. } => "directory.department_created",
            Self::DepartmentChanged { .. } => "directory.department_changed",
            Self::DepartmentEnded { .. } => "directory.department_ended",
            Self::DepartmentReopened { .. } => "directory.department_reopened",
            Self::PostCreated { .. } => "directory.post_created",
            Self::PostChanged { .. } => "directory.post_changed",
            Self::PostEnded { .. } => "directory.post_ended",
            Self::RankCreated { .. } => "directory.rank_created",
            Self::RankChanged { .. } => "directory.rank_changed",
            Self::RankEnded { .. } => "directory.rank_ended",
            Self::PersonJoined { .. } => "directory.person_joined",
            Self::PersonChanged { .. } => "directory.person_changed",
            Self::PersonRanked { .. } => "directory.person_ranked",
            Self::PersonLeft { .. } => "directory.person_left",
            Self::Appointed { .. } => "directory.appointed",
            Self::AppointmentEnded { .. } => "directory.appointment_ended",
            Self::LeaderSet { .. } => "directory.leader_set",
            Self::GroupCreated { .. } => "directory.group_created",
            Self::GroupChanged { .. } => "directory.group_changed",
            Self::GroupEnded { .. } => "directory.group_ended",
            Self::MemberAdded { .. } => "directory.member_added",
            Self::MemberRemoved { .. } => "directory.member_removed",
            Self::PersonPrepared { .. } => "directory.person_prepared",
            Self::BatchAdmitted { .. } => "directory.batch_admitted",
            Self::BatchDiscarded { .. } => "directory.batch_discarded",
            Self::SampleLoaded { .. } => "directory.sample_loaded",
            Self::OrganisationGenerated { .. } => "directory.organisation_generated",
        }
    }

    fn stream(&self) -> String {
        match self {
            Self::UnitCreated { unit } | Self::UnitReopened { unit } | Self::UnitChanged { after: unit, .. } => {
                of("unit", unit.id)
            }
            Self::UnitEnded { unit, .. } => of("unit", *unit),
            Self::DepartmentCreated { department }
            | Self::DepartmentReopened { department }
            | Self::DepartmentChanged { after: department, .. } => of("department", department.id),
            Self::DepartmentEnded { department, .. } => of("department", *department),
            Self::PostCreated { post } | Self::PostChanged { after: post, .. } => of("post", post.id),
            Self::PostEnded { post, .. } => of("post", *post),
            Self::RankCreated { rank } | Self::RankChanged { after: rank, .. } => of("rank", rank.id),
            Self::RankEnded { rank, .. } => of("rank", *rank),
            Self::PersonJoined { person, .. } | Self::PersonChanged { after: person, .. } => of("person", person.id),
            Self::PersonRanked { person, .. } | Self::PersonLeft { person, .. } => of("person", *person),
            Self::Appointed { appointment } | Self::AppointmentEnded { appointment, .. } => {
                of("person", appointment.person)
            }
            Self::LeaderSet { place: Place::Unit(unit), .. } => of("unit", *unit),
            Self::LeaderSet { place: Place::Department(department), .. } => of("department", *department),
            Self::GroupCreated { group } | Self::GroupChanged { after: group, .. } => of("group", group.id),
            Self::GroupEnded { group, .. } | Self::MemberAdded { group, .. } | Self::MemberRemoved { group, .. } => {
                of("group", *group)
            }
            Self::PersonPrepared { person, .. } => of("person", person.id),
            Self::BatchAdmitted { batch, .. } | Self::BatchDiscarded { batch, .. } => of("batch", *batch),
            Self::SampleLoaded { .. } | Self::OrganisationGenerated { .. } => "directory/sample".to_owned(),
        }
    }

    /// Every open screen shows names of people and places: all read again.
    fn audience(&self) -> Audience {
        match self {
            // Nobody sees yet what is only prepared: no screen has to read again.
            Self::PersonPrepared { .. } | Self::BatchDiscarded { .. } => Audience::Nobody,
            _ => Audience::Everyone,
        }
    }
}

fn of<T: ?Sized>(noun: &str, id: Id<T>) -> String {
    format!("directory/{noun}/{id}")
}
