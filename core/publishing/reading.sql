-- What readers of a blog see: the order of its posts, what is visible at a time, and when that changes
-- next. The statements stand in core/publishing/store/reading_store.cpp. Included by schema.sql and by
-- the upgrade that leads to it.

-- The newest come first; of one date, they are ordered by their slugs as people count: 2 before 10
-- (core/platform/base/natural_order.hpp). Compared with the collation "C". The date stands as what is
-- left from it until the year 11476, in microseconds of 18 digits; a run of digits as how many there
-- are without leading zeros, and these. A blank is less than whatever a slug may hold. In plpgsql,
-- because a session plans it once. post.list_order holds what it gives, so a change of it has to write that
-- column anew.
create or replace function post_order(p_published_at timestamptz, p_slug text) returns text
language plpgsql immutable strict parallel safe as $$
begin
  return lpad((300000000000000000 - (extract(epoch from p_published_at at time zone 'UTC') * 1000000)::bigint)::text, 18, '0')
    || ' ' || case when p_slug !~ '[0-9]' then p_slug else (
         select string_agg(case when r.piece[1] !~ '^[0-9]' then r.piece[1]
                                else '0' || lpad(length(ltrim(r.piece[1], '0'))::text, 3, '0') || ltrim(r.piece[1], '0') end,
                           '' order by r.place)
           from regexp_matches(p_slug, '[0-9]+|[^0-9]+', 'g') with ordinality r (piece, place)) end
    || ' ' || lpad(octet_length(p_slug)::text, 3, '0') || p_slug;
end $$;
comment on function post_order is 'The place of a post in its blog''s list, as text to compare with the collation "C".';

-- The same as the view visible_post, by any clock.
create or replace function is_post_visible(
  p_is_draft boolean, p_published_at timestamptz, p_expires_at timestamptz, p_at timestamptz)
returns boolean language sql immutable parallel safe as $$
  select not p_is_draft and p_published_at <= p_at and (p_expires_at is null or p_expires_at > p_at)
$$;
comment on function is_post_visible is 'Whether readers may see a post at a time.';

create or replace function post_list_order() returns trigger language plpgsql
set search_path = devy, pg_temp as $$
begin
  new.list_order := post_order(new.published_at, new.slug);
  return new;
end $$;
create or replace trigger post_list_order before insert or update of slug, published_at on post
  for each row execute function post_list_order();

create index post_list on post (blog_id, list_order) where not is_draft;
create index post_expiry on post (blog_id, expires_at) where expires_at is not null and not is_draft;

create or replace function next_visibility_change(p_blog_id uuid, p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = devy, pg_temp as $$
begin
  return least(
    (select p.published_at from post p
      where p.blog_id = p_blog_id and not p.is_draft
        and p.list_order < post_order(p_at, '')
      order by p.list_order desc
      limit 1),
    (select p.expires_at from post p
      where p.blog_id = p_blog_id and not p.is_draft and p.expires_at > p_at
      order by p.expires_at
      limit 1));
end $$;
comment on function next_visibility_change is 'When the next post of a blog appears or expires; null: never. While its head stays, equal answers mean that equal posts are visible.';
