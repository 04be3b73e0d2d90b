-- What readers of a blog see: the order of its posts, what is visible at a time, and when that changes
-- next. The statements stand in core/publishing/store/reading_store.cpp. Included by schema.sql and by
-- the upgrade that leads to it.

-- The date as text of 18 digits, smaller the newer it is: what is left from it until the year 11476, in
-- microseconds. Planned as a part of whatever calls it.
create or replace function post_newness(p_published_at timestamptz) returns text
language sql immutable parallel safe as $$
  select lpad((300000000000000000 - (extract(epoch from p_published_at at time zone 'UTC') * 1000000)::bigint)::text, 18, '0')
$$;
comment on function post_newness is 'How new a post is, as text to compare with the collation "C".';

-- The newest come first; of one date, they are ordered by their slugs as people count: 2 before 10
-- (core/platform/base/natural_order.hpp). A run of digits stands as how many there are without leading
-- zeros, and these. A blank is less than whatever a slug may hold. In plpgsql, because a session plans
-- it once. post.list_order holds what it gives, so a change of it has to write that column anew.
create or replace function post_order(p_published_at timestamptz, p_slug text) returns text
language plpgsql immutable strict parallel safe set search_path = devy, pg_temp as $$
begin
  return post_newness(p_published_at)
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

-- A digest of what readers get of a post. Planned as a part of whatever calls it.
create or replace function post_digest(
  p_html text, p_markdown text, p_summary text, p_tags text[], p_is_draft boolean, p_expires_at timestamptz,
  p_cover text)
returns bytea language sql stable parallel safe as $$
  select sha256(convert_to(concat_ws(chr(31), p_html, p_markdown, p_summary, array_to_string(p_tags, chr(30)),
                                     p_is_draft, extract(epoch from p_expires_at), 'cover', p_cover), 'UTF8'))
$$;
comment on function post_digest is 'Digest of what readers get of a post, for the column post.digest.';

create index post_list on post (blog_id, list_order) where not is_draft;
create index post_expiry on post (blog_id, expires_at) where expires_at is not null and not is_draft;

-- A blog as its pages begin with it, at a time. Planned as a part of the statement that calls it, which
-- wants no search_path of its own.
create or replace function readable_blog(p_username text, p_slug text, p_at timestamptz)
returns table (blog_id uuid, is_connected boolean, head_commit text, head_origin text, head_at timestamptz,
               name text, description text, created_at timestamptz, at timestamptz, changes_at timestamptz)
language sql stable as $$
  select b.id, b.is_connected, b.head_commit, b.head_origin, b.head_at, b.name, b.description, b.created_at, p_at,
         least(
           (select p.published_at from devy.post p
             where p.blog_id = b.id and not p.is_draft and p.list_order < devy.post_newness(p_at)
             order by p.list_order desc
             limit 1),
           (select p.expires_at from devy.post p
             where p.blog_id = b.id and not p.is_draft and p.expires_at > p_at
             order by p.expires_at
             limit 1))
    from devy.account a
    join devy.blog b on b.account_id = a.id
   where a.username = p_username and b.slug = p_slug
$$;
comment on function readable_blog is
  'What all pages of a blog depend on. changes_at: when its next post appears or expires; null: never. While the head stays, equal times mean that equal posts are visible.';
