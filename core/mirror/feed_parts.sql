-- The feed's triggers on rows that come and go, and on rows that are parts of others.

-- Named by the trigger's table; without columns.
create or replace function change_note_row() returns trigger language plpgsql as $$
declare
  c_action constant text := case tg_op when 'INSERT' then 'insert' else 'delete' end;
begin
  if not exists (select from changed_rows) then return null; end if;
  if tg_table_name = 'user' then
    insert into github.change (relation, id, action)
    select 'user', r.id, c_action from changed_rows r
     where c_action = 'insert' or r.deleted_at is null
     order by r.id;
  elsif tg_table_name = 'repository' then
    insert into github.change (relation, id, repository_id, action)
    select 'repository', r.id, r.id, c_action from changed_rows r
     where c_action = 'insert' or r.deleted_at is null
     order by r.id;
  elsif tg_table_name = 'user_repository' then
    insert into github.change (relation, id, repository_id, action)
    select 'user_repository', r.user_id, r.repository_id, c_action from changed_rows r
     where c_action = 'insert' or r.deleted_at is null
     order by r.user_id, r.repository_id;
  else
    insert into github.change (relation, id, repository_id, action)
    select tg_table_name, r.id, r.repository_id, c_action from changed_rows r
     -- That a row has ended was said when it did.
     where c_action = 'insert' or r.deleted_at is null
     order by r.id;
  end if;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;

-- Parts of issues and pull requests: an update of what they belong to, where that exists; once a
-- transaction, and not beside its insert. `not in`, because it reads the transaction's changes once
-- whatever the planner believes of them.
--
-- `order by … limit 1` makes the planner use the index of numbers also while it has no statistics: without
-- it the first fill would read a repository's issues one by one for each of them.
create or replace function change_note_links() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select p.relation, p.id, p.repository_id, 'update', array[tg_argv[0]]
    from (select distinct repository_id, number from changed_rows) r
   cross join lateral (
           select 'issue' as relation, n.*
             from (select i.id, i.repository_id, i.number, i.deleted_at from github.issue i
                    where i.repository_id = r.repository_id and i.number >= r.number
                    order by i.repository_id, i.number limit 1) n
           union all
           select 'pull_request', n.*
             from (select q.id, q.repository_id, q.number, q.deleted_at from github.pull_request q
                    where q.repository_id = r.repository_id and q.number >= r.number
                    order by q.repository_id, q.number limit 1) n) p
   where p.number = r.number and p.deleted_at is null
     and (p.relation, p.id) not in (
           select c.relation, c.id from github.change c
            where c.txid = pg_current_xact_id() and (c.action = 'insert' or c.columns = array[tg_argv[0]]))
   order by p.relation, p.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;

create or replace function change_note_pull_parts() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'pull_request', p.id, p.repository_id, 'update', array[tg_argv[0]]
    from (select distinct pull_request_id from changed_rows) r
    join github.pull_request p on p.id = r.pull_request_id and p.deleted_at is null
   where p.id not in (
           select c.id from github.change c
            where c.txid = pg_current_xact_id() and c.relation = 'pull_request'
              and (c.action = 'insert' or c.columns = array[tg_argv[0]]))
   order by p.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;

create or replace function change_note_files() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'pull_request', p.id, p.repository_id, 'update', '{files}'
    from (select distinct n.pull_request_id
            from old_rows o
            join new_rows n using (pull_request_id, filename)
           where (n.previous_filename, n.sha, n.status, n.additions, n.deletions, n.changes, n.position, n.patch, n.deleted_reason)
                 is distinct from
                 (o.previous_filename, o.sha, o.status, o.additions, o.deletions, o.changes, o.position, o.patch, o.deleted_reason)) r
    join github.pull_request p on p.id = r.pull_request_id and p.deleted_at is null
   where p.id not in (
           select c.id from github.change c
            where c.txid = pg_current_xact_id() and c.relation = 'pull_request'
              and (c.action = 'insert' or c.columns = '{files}'))
   order by p.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.pull_request_file
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_files();

create or replace trigger change_note_insert after insert on github."user"
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github."user"
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.repository
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.repository
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.user_repository
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.user_repository
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.repository_hook
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.repository_hook
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.label
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.label
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.milestone
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.milestone
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.issue
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.issue
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.pull_request
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.pull_request
  referencing old table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_insert after insert on github.issue_comment
  referencing new table as changed_rows for each statement execute function change_note_row();
create or replace trigger change_note_delete after delete on github.issue_comment
  referencing old table as changed_rows for each statement execute function change_note_row();

create or replace trigger change_note_insert after insert on github.issue_label
  referencing new table as changed_rows for each statement execute function change_note_links('labels');
create or replace trigger change_note_delete after delete on github.issue_label
  referencing old table as changed_rows for each statement execute function change_note_links('labels');
create or replace trigger change_note_update after update on github.issue_label
  referencing new table as changed_rows for each statement execute function change_note_links('labels');
create or replace trigger change_note_insert after insert on github.assignee
  referencing new table as changed_rows for each statement execute function change_note_links('assignees');
create or replace trigger change_note_delete after delete on github.assignee
  referencing old table as changed_rows for each statement execute function change_note_links('assignees');
create or replace trigger change_note_insert after insert on github.requested_reviewer
  referencing new table as changed_rows for each statement execute function change_note_pull_parts('requested_reviewers');
create or replace trigger change_note_delete after delete on github.requested_reviewer
  referencing old table as changed_rows for each statement execute function change_note_pull_parts('requested_reviewers');
create or replace trigger change_note_insert after insert on github.pull_request_file
  referencing new table as changed_rows for each statement execute function change_note_pull_parts('files');
create or replace trigger change_note_delete after delete on github.pull_request_file
  referencing old table as changed_rows for each statement execute function change_note_pull_parts('files');
