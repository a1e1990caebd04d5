-- A guard against mistakes, not against whoever owns the database: he can drop it, and then the chain tells.
create function trace_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the trace is never changed: % of %', tg_op, tg_table_name using errcode = 'check_violation';
end $$;

-- The one lawful change: a payload goes, with its salt, after the reason was written down.
create function trace_removal() returns trigger language plpgsql as $$
begin
    if new.payload is null and new.salt is null and old.payload is not null
        and (new.id, new.stream, new.seq, new.kind, new.version, new.at, new.person, new.on_behalf_of,
             new.digest, new.previous, new.hash, new.mac, new.algorithm)
        is not distinct from
            (old.id, old.stream, old.seq, old.kind, old.version, old.at, old.person, old.on_behalf_of,
             old.digest, old.previous, old.hash, old.mac, old.algorithm)
        and exists (select 1 from trace_redaction where event = old.id)
    then
        return new;
    end if;
    raise exception 'an entry of the trace is never changed' using errcode = 'check_violation';
end $$;

create trigger trace_event_update before update on trace_event for each row execute function trace_removal();
create trigger trace_event_delete before delete or truncate on trace_event
    for each statement execute function trace_refuse();
create trigger trace_stream_delete before delete or truncate on trace_stream
    for each statement execute function trace_refuse();
create trigger trace_seal_change before update or delete or truncate on trace_seal
    for each statement execute function trace_refuse();
create trigger trace_leaf_change before update or delete or truncate on trace_leaf
    for each statement execute function trace_refuse();
create trigger trace_redaction_change before update or delete or truncate on trace_redaction
    for each statement execute function trace_refuse();

-- Heads are rewritten with every entry: room on the page keeps that from touching the index.
alter table trace_stream set (fillfactor = 70);
