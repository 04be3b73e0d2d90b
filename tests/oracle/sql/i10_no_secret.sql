-- I10 no secret is where people look
-- What a token, a bearer header or a URL with a password looks like; and those of --secrets.
create temporary view said (place, words) as
  select 'operation ' || id, concat_ws(' ', error_text, error_hint, reason, cancel_reason, requested_by)
    from devy.operation
  union all
  select 'attempt of ' || operation_id, concat_ws(' ', error_text, error_hint) from devy.attempt
  union all
  select 'event of ' || operation_id, detail::text from devy.operation_event where detail is not null
  union all
  select 'upload ' || operation_id, repository_url || ' ' || warnings::text from devy.upload
  union all
  select 'repository ' || id, url from devy.repository
  union all
  select 'reconcile_schedule of ' || blog_id, error from devy.reconcile_schedule where error is not null
  union all
  select 'delivery ' || guid, headers::text from devy.delivery
  union all
  select 'file error of ' || path, message from devy.file_error;
select 'looks like a secret: ' || place
  from said where words ~ '(gh[pousr]_|github_pat_)[A-Za-z0-9]{8}|[Bb]earer [A-Za-z0-9]|://[^/@ ]*:[^/@ ]+@';
select 'a planted secret: ' || place
  from said, string_to_table(:'secrets', E'\n') secret
 where secret <> '' and position(secret in words) > 0;
