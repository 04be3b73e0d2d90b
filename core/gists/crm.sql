-- The outbox of gists: what the CRM is to be told.

-- Ensures that an outbound operation waits which sends what is pending. All items of a company share one
-- resource, so that one request runs at a time. Lock order: items before the resource and its operation.
create or replace function gist_crm_wake(p_company text, p_source text)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set lock_timeout = '1s' as $$
declare
  v_key constant text := 'pipedrive/' || p_company;
  v_resource bigint;
begin
  select id into v_resource from resource where kind = 'crm' and key = v_key;
  if not found then
    insert into resource (kind, key, owner) values ('crm', v_key, 'crm')
    on conflict (kind, key) do update set owner = excluded.owner
    returning id into v_resource;
  end if;
  perform 1 from resource where id = v_resource for no key update;
  -- The row is locked, so that nobody claims the waiting operation before its items are committed.
  perform 1 from operation
    where resource_id = v_resource and direction = 'outbound'
      and state in ('received', 'verified', 'held') for no key update;
  if found then return; end if;
  perform operation_ingest(gen_random_uuid(), v_resource, 'crm', p_source, null, null, null, '', false,
                           100::smallint, 12, null, null, null, p_lane => 'crm', p_direction => 'outbound');
end $$;

-- The CRM is to have a version of a file: called in the transaction that stores it, by the settings
-- of section [crm]. p_mode is activity, deal or deal_per_gist; p_on_edit is update, new or ignore. Without a
-- company nothing is recorded. It returns whether something is to be sent, so that the caller wakes the kind
-- once for many versions. An item that a person deleted in the CRM stays so; a refused one is tried again with
-- what is new.
create or replace function gist_crm_wanted(
  p_gist_file_id uuid, p_version integer, p_company text, p_mode text, p_on_edit text)
returns boolean language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_number constant integer := case when p_on_edit = 'new' then p_version end;
  v_gist record;
begin
  if coalesce(p_company, '') = '' then return false; end if;
  if p_on_edit = 'ignore' and p_version > 1 then return false; end if;
  if p_mode in ('deal', 'deal_per_gist') then
    select g.id, g.tracked_user_id into v_gist
      from gist_file f join gist g on g.id = f.gist_id where f.id = p_gist_file_id;
    insert into crm_item (kind, gist_id, tracked_user_id)
    values ('deal', case when p_mode = 'deal_per_gist' then v_gist.id end,
            case when p_mode = 'deal' then v_gist.tracked_user_id end)
    on conflict on constraint crm_item_identity do nothing;
  end if;
  insert into crm_item as c (kind, gist_file_id, number, wanted)
  values ('activity', p_gist_file_id, v_number, p_version)
  on conflict on constraint crm_item_identity do update
     set wanted = excluded.wanted,
         state = case when c.state in ('sent', 'refused') then 'pending' else c.state end,
         wanted_at = case when c.state in ('sent', 'refused') then clock_timestamp() else c.wanted_at end,
         error = case when c.state = 'refused' then null else c.error end
   where c.wanted < excluded.wanted and c.state <> 'gone';
  return found;
end $$;
