-- Watches what the tables alone no longer tell afterwards (I4, I5): triggers that write down whatever
-- goes backwards. Installed by hand or by scripts/chaos, before the faults begin; drop schema
-- devy_oracle cascade takes it away.
create schema devy_oracle;
create table devy_oracle.finding (at timestamptz not null default clock_timestamp(), what text not null);

create function devy_oracle.watch_lease() returns trigger language plpgsql security definer as $$
begin
  if tg_op = 'DELETE' or new.fence < old.fence then
    insert into devy_oracle.finding (what) values ('a fence went back: resource ' || old.resource_id);
  end if;
  return null;
end $$;
create trigger oracle_watch after update or delete on devy.lease
  for each row execute function devy_oracle.watch_lease();

create function devy_oracle.watch_post() returns trigger language plpgsql security definer as $$
begin
  if new.version < old.version or (new.blob <> old.blob and new.version = old.version) then
    insert into devy_oracle.finding (what) values ('a post went back: ' || old.id);
  end if;
  return null;
end $$;
create trigger oracle_watch after update on devy.post
  for each row execute function devy_oracle.watch_post();

create function devy_oracle.watch_operation() returns trigger language plpgsql security definer as $$
begin
  if old.finished_at is not null and new.replays = old.replays and new.state <> old.state then
    insert into devy_oracle.finding (what) values ('an ended operation went on: ' || old.id);
  end if;
  return null;
end $$;
create trigger oracle_watch after update on devy.operation
  for each row execute function devy_oracle.watch_operation();

-- A worker whose lease was taken away ends nothing any more.
create function devy_oracle.watch_attempt() returns trigger language plpgsql security definer as $$
begin
  if old.outcome is not null and new.outcome is distinct from old.outcome then
    insert into devy_oracle.finding (what) values ('an ended attempt went on: ' || old.operation_id);
  end if;
  return null;
end $$;
create trigger oracle_watch after update on devy.attempt
  for each row execute function devy_oracle.watch_attempt();
