-- Roles with no more rights than each process needs: applied by `devy-upload db roles`, as often as
-- one likes, by whoever owns the schema and may create roles. Embedded in the programs.
--
-- They can log in and have no password: give them one, or let pg_hba.conf decide. The owner of the
-- schema is whoever ran `db init`; no process needs to be it.

do $$
declare
  v_role text;
begin
  foreach v_role in array array['devy_listener', 'devy_worker', 'devy_operator', 'devy_metrics'] loop
    -- Two databases of one cluster share their roles.
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole noinherit', v_role);
    end if;
    execute format('revoke all on all tables in schema devy from %I', v_role);
    execute format('revoke all on all functions in schema devy from %I', v_role);
    execute format('revoke all on all tables in schema github from %I', v_role);
    execute format('grant usage on schema devy to %I', v_role);
    execute format('grant select on devy.schema_version to %I', v_role);
  end loop;
end $$;
revoke all on all functions in schema devy from public;

-- The listener hears strangers. It records deliveries and uploads through functions that do it as
-- the schema's owner and by the queue's rules; it can neither read nor write what readers see.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'devy'::regnamespace
       and p.proname in ('delivery_record', 'delivery_bodies_charge',
                         'upload_pushes_consider', 'upload_pushes_record', 'upload_request',
                         'repository_told', 'repository_claim', 'repository_freeze',
                         'repository_hook_lost', 'mirror_known', 'mirror_installation_change',
                         'mirror_is_installed', 'mirror_deliveries_record') loop
    execute format('alter function %s security definer', v_function);
    execute format('grant execute on function %s to devy_listener', v_function);
  end loop;
end $$;
grant select on devy.account, devy.repository, devy.blog, devy.resource, devy.operation,
  devy.upload, devy.upload_status to devy_listener;
grant select (jti) on devy.token_denied to devy_listener;
-- How many posts a blog has, and nothing of them.
grant select (blog_id) on devy.post, devy.file_error to devy_listener;

-- Workers, and the maintenance process beside them, publish.
grant select, insert, update, delete on all tables in schema devy to devy_worker, devy_operator;
grant usage on schema github to devy_worker, devy_operator;
grant select, insert, update, delete on all tables in schema github to devy_worker, devy_operator;
revoke insert, update, delete on devy.schema_version from devy_worker, devy_operator;
revoke insert, update, delete on devy.account, devy.token_denied from devy_worker;
grant execute on all functions in schema devy to devy_worker, devy_operator;

-- Health and metrics read the queue, and note that the daemon lives.
grant select on devy.operation, devy.lease, devy.resource, devy.queue_control, devy.owner_gate,
  devy.operation_count, devy.upload, devy.commit_status, devy.prune_pass
  to devy_metrics;
grant execute on function devy.lane_priorities, devy.queue_health, devy.operations_open to devy_metrics;
alter function devy.mirror_figures security definer;
alter function devy.mirror_drift_rows security definer;
grant execute on function devy.mirror_figures, devy.mirror_drift_rows to devy_metrics;
grant select, insert, update, delete on devy.daemon to devy_metrics;
