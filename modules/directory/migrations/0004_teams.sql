-- 团队: a group across departments with a leader and a purpose (ORG-25). Null: a group is only a set of people.
alter table directory_group add column leader text references directory_person (id);
alter table directory_group add column purpose text;
