-- I1 the live posts are the tree of the head
select 'slug twice: ' || slug || ' in blog ' || blog_id
  from post group by blog_id, slug having count(*) > 1;
select 'path twice: ' || path || ' in blog ' || blog_id
  from post group by blog_id, path having count(*) > 1;
select 'redirect equals a live slug: ' || r.slug
  from redirect r join post p on p.blog_id = r.blog_id and p.slug = r.slug;
select 'redirect to no post of the blog: ' || slug
  from redirect r
 where not exists (select from post p where p.id = r.post_id and p.blog_id = r.blog_id);
select 'revisions are not 1..n: ' || post_id
  from revision group by post_id having min(version) <> 1 or max(version) <> count(*);
select 'last revision is not the post: ' || p.path
  from post p left join revision v on v.post_id = p.id and v.version = p.version
 where (v.path, v.slug, v.title) is distinct from (p.path, p.slug, p.title);
select 'history goes on after the end of ' || post_id
  from revision v
 where exists (select from post p where p.id = v.post_id and p.version < v.version)
    or (change = 'deleted' and exists (
          select from revision w where w.post_id = v.post_id and w.version > v.version));
select 'a post without row does not end as deleted: ' || post_id
  from revision v
 where not exists (select from post p where p.id = v.post_id)
 group by post_id having not bool_or(change = 'deleted');
select 'the head''s upload did not complete with it: blog ' || b.id
  from blog b
 where head_commit is not null and not exists (
   select from upload u join operation o on o.id = u.operation_id
    where o.id = b.head_operation_id and u.commit = b.head_commit
      and o.fetched_revision = b.head_commit and (o.state = 'completed' or o.replays > 0));
select 'counts of upload ' || u.operation_id || ' are incomplete'
  from upload u join operation o on o.id = u.operation_id
 where o.state = 'completed'
   and (created is null or updated is null or renamed is null or deleted is null
        or unchanged is null or file_errors is null);
