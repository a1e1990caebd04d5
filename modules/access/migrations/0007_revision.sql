-- The store keeps the revisions of all modules, so that one question is enough for all of them.
drop table access_revision;
