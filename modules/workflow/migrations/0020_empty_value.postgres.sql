-- An indexed field that is empty has a row that says nothing: so the cases in which it is are found, and come behind all
-- others, without looking at every case (PERM-08). For the fields by which cases can be put in order, of the cases that are
-- there already.
create index workflow_value_empty on workflow_value (flow, field, case_id)
    where words is null and number is null and day is null and named is null;
insert into workflow_value (case_id, flow, field, item)
select c.id, c.flow, told.value ->> 'id', 0
from workflow_flow f
join workflow_version v on v.id = f.current
cross join lateral jsonb_array_elements(v.content::jsonb -> 'form' -> 'fields') told (value)
join workflow_case c on c.flow = f.id
where (told.value ->> 'indexed')::boolean
and (told.value ->> 'type') in ('text', 'long_text', 'serial', 'number', 'money', 'rating', 'date', 'period')
and not exists (
    select 1 from workflow_value w
    where w.case_id = c.id and w.field = (told.value ->> 'id') and w.item = 0
);
