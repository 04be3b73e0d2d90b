-- Visits: what is new for whom.

-- The files whose versions have these numbers, oldest first; of several versions of a file the newest.
create or replace function gist_news(p_user_id uuid, p_from_seq bigint, p_to_seq bigint, p_edits boolean)
returns table (o_gist_id text, o_filename text, o_raw_url text, o_version integer, o_found_at timestamptz)
language sql stable set search_path = devy, pg_temp as $$
  select n.gist_id, n.filename, n.raw_url, n.number, n.found_at
    from (select distinct on (f.id) f.gist_id, f.filename, v.raw_url, v.number, v.found_at, v.seq
            from gist_version v
            join gist_file f on f.id = v.gist_file_id and f.removed_at is null
            join gist g on g.id = f.gist_id and g.gone_at is null
           where v.tracked_user_id = p_user_id and v.seq > p_from_seq and v.seq <= p_to_seq
             and (p_edits or v.number = 1)
           order by f.id, v.number desc) n
   order by n.seq
$$;

-- A visit: takes what the visitor has not seen, at most p_limit files, as a session. A key that was used already
-- gives that session again; no row: nobody is tracked by that login. Nothing is fetched under the lock.
create or replace function gist_visit(
  p_login text, p_visitor text, p_edits boolean, p_key text, p_limit integer)
returns setof gist_session language plpgsql set search_path = devy, pg_temp as $$
declare
  v_user record;
  v_seen bigint;
  v_to bigint;
  v_cut record;
begin
  select id, next_seq into v_user from tracked_user where login = lower(p_login) and state <> 'off' for update;
  if not found then return; end if;
  if p_key is not null then
    return query select * from gist_session
      where tracked_user_id = v_user.id and visitor = p_visitor and idempotency_key = p_key;
    if found then return; end if;
  end if;
  insert into gist_visitor (tracked_user_id, visitor) values (v_user.id, p_visitor) on conflict do nothing;
  select seen_seq into v_seen from gist_visitor where tracked_user_id = v_user.id and visitor = p_visitor;
  v_to := v_user.next_seq - 1;
  -- The first that is left for the next visit.
  select v.seq, f.gist_id into v_cut
    from gist_version v
    join gist_file f on f.id = v.gist_file_id and f.removed_at is null
    join gist g on g.id = f.gist_id and g.gone_at is null
   where v.tracked_user_id = v_user.id and v.seq > v_seen and (p_edits or v.number = 1)
   order by v.seq offset p_limit limit 1;
  if found then
    -- A gist is seen as a whole, so the cut lies before its first file.
    v_to := v_cut.seq - 1;
    select coalesce(max(v.seq), v_to) into v_to
      from gist_version v join gist_file f on f.id = v.gist_file_id
     where v.tracked_user_id = v_user.id and v.seq > v_seen and v.seq < v_cut.seq and f.gist_id <> v_cut.gist_id;
  end if;
  update gist_visitor set seen_seq = v_to where tracked_user_id = v_user.id and visitor = p_visitor;
  return query
    insert into gist_session (tracked_user_id, visitor, from_seq, to_seq, edits, is_more, idempotency_key)
    values (v_user.id, p_visitor, v_seen, v_to, p_edits, v_cut.seq is not null, p_key) returning *;
end $$;
comment on function gist_visit is 'Takes what a visitor has not seen of a tracked user''s gists.';
