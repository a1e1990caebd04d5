-- 常用语, 常用筛选: what each keeps ready for his work, on every device of his (FLOW-18). One row for each of the two, as JSON.
create table workflow_desk (
    person text not null,
    -- phrases or filters.
    thing text not null,
    content text not null,
    version bigint not null,
    primary key (person, thing)
);
