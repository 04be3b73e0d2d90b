-- How the outbox is kept moving: what was left behind, and what was found before there was a CRM.

-- Activities whose file or gist is gone, and that are not marked as done.
create or replace function gist_crm_undone(p_limit integer) returns setof uuid
language sql stable set search_path = devy, pg_temp as $$
  select c.id
    from gist g
    join gist_file f on f.gist_id = g.id
    join crm_item c on c.gist_file_id = f.id and c.state = 'sent' and not c.is_done
   where g.gone_at is not null
  union all
  select c.id
    from gist_file f
    join crm_item c on c.gist_file_id = f.id and c.state = 'sent' and not c.is_done
    join gist g on g.id = f.gist_id and g.gone_at is null
   where f.removed_at is not null
  limit p_limit
$$;

-- Records an operation where items wait and none would send them, unless one of these pauses lasts.
-- Returns whether it did.
create or replace function gist_crm_sweep(p_company text, p_on_delete text, p_pauses text[])
returns boolean language plpgsql set search_path = devy, pg_temp as $$
begin
  if exists (select from resource r join operation o on o.resource_id = r.id
              where r.kind = 'crm' and r.key = 'pipedrive/' || p_company and o.finished_at is null)
     or exists (select from api_pause
                 where name = any (p_pauses) and not_before > clock_timestamp())
     or not (exists (select from crm_item where state in ('pending', 'sending'))
             or (p_on_delete = 'done' and exists (select from gist_crm_undone(1)))) then
    return false;
  end if;
  perform gist_crm_wake(p_company, 'reconcile');
  return true;
end $$;

-- Has an item sent again that the CRM refused, or made anew that a person deleted there. Returns the state that
-- it was in: no other state changes; null: there is no such item.
create or replace function gist_crm_retry(p_id uuid) returns text
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_before text;
begin
  select state into v_before from crm_item where id = p_id for no key update;
  update crm_item
     set state = 'pending', error = null, wanted_at = clock_timestamp(), is_done = false,
         remote_id = case when v_before = 'gone' then null else remote_id end,
         sent = case when v_before = 'gone' then 0 else sent end
   where id = p_id and v_before in ('refused', 'gone');
  return v_before;
end $$;

-- The CRM is to have the newest version of each file that is there, found since then: one batch of
-- files, in the order of their ids, behind p_after. Returns the last one, null where there is none, and
-- how many are to be sent that were not.
create or replace function gist_crm_backfill(
  p_company text, p_mode text, p_on_edit text, p_since timestamptz, p_after uuid, p_limit integer,
  out last_file uuid, out added integer)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_file record;
begin
  added := 0;
  for v_file in
    select f.id, case when p_on_edit = 'ignore' then 1 else f.version end as version
      from gist_file f
      join gist g on g.id = f.gist_id and g.gone_at is null
      join gist_version v on v.gist_file_id = f.id and v.number = f.version
     where f.removed_at is null and (p_after is null or f.id > p_after)
       and (p_since is null or v.found_at >= p_since)
     order by f.id limit p_limit loop
    last_file := v_file.id;
    if gist_crm_wanted(v_file.id, v_file.version, p_company, p_mode, p_on_edit) then
      added := added + 1;
    end if;
  end loop;
end $$;
