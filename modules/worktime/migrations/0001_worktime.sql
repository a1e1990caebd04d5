-- Working calendars: when a unit works. One a unit at most; the nearest upwards applies to units without one.
create table worktime_calendar (
    id text primary key,
    unit text not null references directory_unit (id),
    name text not null,
    zone text not null,
    -- Whose public holidays it follows; null: none.
    region text,
    -- The weekly patterns, JSON: the first has no `valid_from`.
    weeks text not null,
    version bigint not null
);
create unique index worktime_calendar_unit on worktime_calendar (unit);

-- What a unit decides for one date against the public holidays and its week.
create table worktime_exception (
    calendar text not null references worktime_calendar (id),
    date text not null,
    exception text not null,
    primary key (calendar, date)
);

-- Imported years of public holidays, each as a whole. Years that ship with the program have no row unless replaced.
create table worktime_holiday_year (
    region text not null,
    year bigint not null,
    source text not null,
    entries text not null,
    imported_at bigint not null,
    primary key (region, year)
);

-- A new token with every change of the tables above, so that a process knows whether what it remembers still holds.
create table worktime_revision (
    id bigint primary key,
    token text not null
);
insert into worktime_revision (id, token) values (1, 'none');
