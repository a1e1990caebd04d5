-- 席位: whom a using unit names for the work on the platform (ORG-19), from when to when, with post and contact as they
-- were registered. A seat that is given up ends; nothing is deleted.
create table seats_seat (
    id text primary key,
    unit text not null references directory_unit (id),
    -- leader, administrator or operator.
    kind text not null,
    person text not null references directory_person (id),
    post text not null,
    contact text not null,
    valid_from bigint not null,
    valid_to bigint,
    -- Whose seat it was before; null: a seat that was vacant or new.
    instead_of text references seats_seat (id),
    registered_by text,
    registered_at bigint not null,
    -- Why it ended: succeeded, given_up, left or unit_closed.
    ended_because text,
    constraint seats_seat_order check (valid_to is null or valid_to >= valid_from)
);
create unique index seats_seat_held on seats_seat (unit, kind, person) where valid_to is null;
create index seats_seat_unit on seats_seat (unit, valid_from);
create index seats_seat_person on seats_seat (person);
