-- A sample beside a real organisation has a password that its administrator chose: only accounts whose password is
-- printed in the documentation keep a server from the network.
alter table access_account add column public_password boolean not null default false;
update access_account set public_password = true where sample;
