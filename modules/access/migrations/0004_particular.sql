-- Of a permission over one thing only (PERM-08): what the thing is called, in both languages, for those who read lists of
-- rights.
alter table access_grant add column about text;
