-- I5 fences and versions only grow, and an old fence writes nothing
select 'fences that do not grow, or attempts that overlap: ' || operation_id
  from (select *, lag(fence) over by_fence as fence_before,
               lag(ended_at) over by_fence as ended_before, row_number() over by_fence as place
          from attempt window by_fence as (partition by resource_id order by fence)) tries
 where place > 1
   and (fence <= fence_before or ended_before is null or ended_before > started_at);
select 'lease fence behind its attempts: resource ' || resource_id
  from lease l
 where l.fence < (select max(fence) from attempt a where a.resource_id = l.resource_id);
select 'attempt on another resource than its operation: ' || o.id
  from attempt a join operation o on o.id = a.operation_id where o.resource_id <> a.resource_id;
-- Posts are written in the transaction that completes the attempt, or not at all.
select 'post written by an upload that did not complete: ' || v.post_id || ' version ' || v.version
  from revision v join operation o on o.id = v.operation_id
 where not exists (select from attempt a where a.operation_id = o.id and a.outcome = 'completed');
select 'a later version has an older fence: ' || post_id || ' version ' || version
  from (select v.post_id, v.version, a.fence,
               lag(a.fence) over (partition by v.post_id order by v.version) as fence_before
          from revision v join operation o on o.id = v.operation_id and o.replays = 0
          join attempt a on a.operation_id = o.id and a.outcome = 'completed') w
 where fence < fence_before;
-- What the audit (audit.sql) saw happen, where somebody installed it.
select to_regclass('devy_oracle.finding') is not null as is_audited \gset
\if :is_audited
select what from devy_oracle.finding order by at limit 100;
\endif
