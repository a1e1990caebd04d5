-- Spreadsheets that were uploaded and looked at, until they are carried out or forgotten.
create table imports_import (
    id text primary key,
    owner text not null,
    name text not null,
    -- previewed, applying, done, cancelled, failed
    state text not null,
    -- The tables of the file: headings, and which column means what (JSON).
    tables text not null,
    -- How many rows of each kind (JSON).
    counts text not null,
    -- What was decided in the preview, as a digest: what is carried out is what was shown.
    digest text not null,
    job text,
    created_at bigint not null,
    expires_at bigint not null
);
create index imports_import_expiry on imports_import (expires_at);

create table imports_row (
    import text not null references imports_import (id),
    number bigint not null,
    sheet text not null,
    line bigint not null,
    -- The cells as they stand in the file (JSON).
    cells text not null,
    status text not null,
    -- Faults and changes (JSON).
    verdict text not null,
    primary key (import, number)
);
create index imports_row_status on imports_row (import, status, number);
