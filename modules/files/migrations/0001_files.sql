-- An uploaded file: a name and its content's digest. Content lies in the blob store, once for equal content.
create table files_file (
    id text primary key,
    sha256 text not null,
    name text not null,
    size bigint not null,
    -- As found in the content, not as the uploader said.
    media_type text not null,
    uploader text not null,
    at bigint not null
);
create index files_file_sha256 on files_file (sha256);
create index files_file_at on files_file (at, id);

-- What a file belongs to. A file that belongs to nothing is its uploader's alone, and goes after a time.
create table files_attachment (
    file text not null references files_file (id),
    kind text not null,
    thing text not null,
    at bigint not null,
    primary key (file, kind, thing)
);
create index files_attachment_thing on files_attachment (kind, thing);
