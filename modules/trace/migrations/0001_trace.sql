-- The trace: entries that chain within their stream. Rows are only ever added; 0002_guard refuses the rest.
create table trace_event (
    -- A UUIDv7 of the entry's own instant, so that the order of ids is the order of time.
    id text not null primary key,
    stream text not null,
    -- Counts from 1 within the stream, without gaps.
    seq bigint not null,
    kind text not null,
    version bigint not null,
    at bigint not null,
    -- Who did it, and for whom; null: the system itself, or nobody else.
    person text,
    on_behalf_of text,
    -- JSON. Null, together with its salt, when it was lawfully removed; the digest stays.
    payload text,
    salt text,
    digest text not null,
    -- The hash of the entry before; empty for the first.
    previous text not null,
    hash text not null,
    mac text not null,
    algorithm text not null
);
create unique index trace_event_stream on trace_event (stream, seq);
create index trace_event_kind on trace_event (kind, id);
create index trace_event_person on trace_event (person, id);

-- The last entry of each stream.
create table trace_stream (
    stream text not null primary key,
    seq bigint not null,
    hash text not null
);

-- Entries that wait for a seal. Writers only insert here and only the sealer deletes, so that neither waits for the other.
create table trace_unsealed (
    event text not null primary key
);

-- Seals, as they also stand in the seal log outside the database.
create table trace_seal (
    number bigint not null primary key,
    at bigint not null,
    -- The Merkle root over the leaves.
    root text not null,
    -- The digest of the seal before; empty for the first.
    previous text not null,
    leaves bigint not null,
    entries bigint not null,
    -- Set where the database was put back: the seals after this number and before this one are lost, and said to be.
    restored_to bigint,
    algorithm text not null,
    signature text not null
);

-- What a seal covers: the last entry of every stream that grew. Its hash commits to all entries before it.
create table trace_leaf (
    seal bigint not null,
    stream text not null,
    seq bigint not null,
    hash text not null,
    primary key (seal, stream)
);
create index trace_leaf_stream on trace_leaf (stream, seq);

-- Payloads that were lawfully removed: when, by whom and why. The entry `trace.redacted` in the same stream proves it.
create table trace_redaction (
    event text not null primary key,
    at bigint not null,
    person text,
    reason text not null
);

-- Which key this database's trace is written with, so that another key file is refused instead of used.
create table trace_key (
    public_key text not null primary key,
    algorithm text not null,
    at bigint not null
);
