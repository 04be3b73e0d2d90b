-- I12 every ending is explained
select 'failed without code and text: ' || id
  from operation
 where state = 'failed' and (coalesce(error_code, '') = '' or coalesce(error_text, '') = '');
select 'failed without a hint: ' || o.id
  from operation o join upload u on u.operation_id = o.id
 where state = 'failed' and coalesce(error_hint, '') = '';
select 'failed without an attempt: ' || id
  from operation o
 where state = 'failed' and not exists (select from attempt a where a.operation_id = o.id);
select 'cancelled without who or why: ' || id
  from operation where state = 'cancelled' and cancelled_by is null and cancel_reason is null;
select 'held without saying why: ' || o.id
  from operation o join upload u on u.operation_id = o.id
 where state = 'held' and coalesce(error_text, '') = '';
select 'file error without words: ' || path from file_error where message = '';
