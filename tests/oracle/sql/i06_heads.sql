-- I6 no blog goes back unless a person asked
-- What git has to say about the order of commits is asked in posts.cpp.
select 'the head is not what completed last: blog ' || b.id
  from blog b
  join lateral (select u.commit
                  from upload u join operation o on o.id = u.operation_id
                  join operation_event e on e.operation_id = o.id and e.state = 'completed'
                 where u.blog_id = b.id
                 order by e.at desc, e.seq desc limit 1) last on true
 where b.head_commit is distinct from last.commit;
