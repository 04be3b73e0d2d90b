-- Old addresses of posts. The statements stand in core/publishing/store/redirect_store.cpp. Included by
-- schema.sql and by the upgrade that leads to it.

-- An address that no page has leads to the post that names it as an alias, of several to the one of the last
-- path, else to the post that had it last.
create or replace function lost_redirects(p_blog_id uuid)
returns table (slug text, post_id uuid, is_alias boolean)
language sql stable set search_path = devy, pg_temp as $$
  select distinct on (w.slug) w.slug, w.post_id, w.is_alias
    from (select a.slug, p.id as post_id, true as is_alias, p.path, null as at, 0 as version
            from post p cross join unnest(p.aliases) a (slug)
           where p.blog_id = p_blog_id
           union all
          select v.slug, v.post_id, false, null, v.at, v.version
            from revision v join post p on p.id = v.post_id and p.blog_id = p_blog_id
           where v.blog_id = p_blog_id and v.slug <> p.slug) w
   where not exists (select from post o where o.blog_id = p_blog_id and o.slug = w.slug)
     and not exists (select from redirect r where r.blog_id = p_blog_id and r.slug = w.slug)
   order by w.slug, w.is_alias desc, w.path collate "C" desc, w.at desc, w.version desc
$$;
comment on function lost_redirects is 'The aliases and former slugs of a blog''s posts that lead nowhere, and the posts to which they should lead.';
