-- A guard against mistakes, not against whoever owns the database: he can drop it, and then the chain tells.
create trigger trace_event_update before update on trace_event
when not (
    new.payload is null and new.salt is null and old.payload is not null
    and (new.id, new.stream, new.seq, new.kind, new.version, new.at, new.person, new.on_behalf_of,
         new.digest, new.previous, new.hash, new.mac, new.algorithm)
     is (old.id, old.stream, old.seq, old.kind, old.version, old.at, old.person, old.on_behalf_of,
         old.digest, old.previous, old.hash, old.mac, old.algorithm)
    and exists (select 1 from trace_redaction where event = old.id)
)
begin
    select raise(abort, 'an entry of the trace is never changed');
end;
create trigger trace_event_delete before delete on trace_event
begin
    select raise(abort, 'an entry of the trace is never removed');
end;
create trigger trace_stream_delete before delete on trace_stream
begin
    select raise(abort, 'a stream of the trace is never removed');
end;
create trigger trace_seal_update before update on trace_seal
begin
    select raise(abort, 'a seal is never changed');
end;
create trigger trace_seal_delete before delete on trace_seal
begin
    select raise(abort, 'a seal is never removed');
end;
create trigger trace_leaf_update before update on trace_leaf
begin
    select raise(abort, 'what a seal covers is never changed');
end;
create trigger trace_leaf_delete before delete on trace_leaf
begin
    select raise(abort, 'what a seal covers is never removed');
end;
create trigger trace_redaction_update before update on trace_redaction
begin
    select raise(abort, 'the record of a removal is never changed');
end;
create trigger trace_redaction_delete before delete on trace_redaction
begin
    select raise(abort, 'the record of a removal is never removed');
end;
