-- What an import has written down and not yet admitted: with these rows people who are known begin to serve in one
-- statement, however many they are. Until then nobody meets them.
create table directory_staged_service (
    batch text not null,
    person text not null references directory_person (id),
    rank text,
    valid_from bigint not null,
    valid_to bigint,
    primary key (batch, person, valid_from)
);

create table directory_staged_appointment (
    batch text not null,
    id text not null,
    person text not null references directory_person (id),
    post text not null,
    unit text,
    department text,
    main boolean not null,
    valid_from bigint not null,
    primary key (batch, id)
);
create index directory_staged_service_person on directory_staged_service (person);
create index directory_staged_appointment_person on directory_staged_appointment (person);
