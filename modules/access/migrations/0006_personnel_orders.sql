-- Personnel draft, preview and issue the orders by which people and places change; others review and verify them (ORG-02,
-- ORG-18). Where an organisation made the role its own, it stays as it is.
update access_role set permissions = '["directory.read","directory.manage","orders.read","orders.issue"]'
    where id = '0000000000e008000000000005' and version = 1 and permissions = '["directory.read","directory.manage"]';

-- A new token, so that no process remembers the roles from before.
update access_revision set token = 'personnel-orders' where id = 1;
