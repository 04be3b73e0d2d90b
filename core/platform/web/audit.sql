-- The audit: what people did. Rows are added, and deleted when they are 400 days old.

create or replace function audit_stays() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  if tg_op = 'DELETE' and old.at < clock_timestamp() - interval '400 days' then return old; end if;
  raise exception 'the audit is only added to' using errcode = 'DV013';
end $$;
create or replace trigger audit_stays before update or delete on audit for each row execute function audit_stays();

create or replace function audit_is_not_emptied() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  raise exception 'the audit is only added to' using errcode = 'DV013';
end $$;
create or replace trigger audit_is_not_emptied before truncate on audit for each statement execute function audit_is_not_emptied();

create or replace function audit_record(
  p_actor text, p_address inet, p_act text, p_target text, p_filter jsonb, p_count bigint, p_reason text,
  p_result text) returns bigint language sql set search_path = devy, pg_temp as $$
  insert into audit (actor, address, act, target, filter, count, reason, result)
  values (p_actor, p_address, p_act, p_target, p_filter, p_count, p_reason, p_result)
  returning id;
$$;
comment on function audit_record is 'Notes an act. The time is the database''s.';
