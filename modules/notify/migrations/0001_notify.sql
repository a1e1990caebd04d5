-- What a person was told, when it reached him and when he read it (TIME-14, TRACE-06).
create table notify_notification (
    id text primary key,
    person text not null,
    code text not null,
    args text not null,
    link text not null,
    at bigint not null,
    read_at bigint
);
create index notify_notification_person on notify_notification (person, id);
create index notify_notification_unread on notify_notification (person, read_at, id);
create index notify_notification_link on notify_notification (person, link);

-- What a person wants by which channel; no row: as the channel has it by default.
create table notify_preference (
    person text not null,
    channel text not null,
    code text not null,
    wanted boolean not null,
    primary key (person, channel, code)
);
