-- The database of devy-upload: the order in which the parts of core make their tables, functions and
-- views. Each part has its own schema.sql; the queue's functions lie in files beside it. Together they
-- are all DDL there is.
-- `devy-upload db init` applies them in one transaction, embedded in the programs;
-- `psql -v ON_ERROR_STOP=1 -f schema.sql` does the same on an empty database. Later versions are
-- reached by `db migrate`, as core/platform/schema/schema_store.hpp describes. A change needs an
-- addition to the step of core/platform/schema/upgrades that leads to its version, unless that version
-- is tagged: then a new version begins. Functions, views, triggers and comments need no step
-- (`create or replace`, `comment on`); views and triggers that are removed or change their shape do.
-- SchemaUpgrade.EqualsAFreshSchema keeps the two equal.
--
-- The lock order is always lease → a system's own rows → resource → operation. A transaction that
-- writes for an operation locks its lease row first (the fence) and may hold it through a whole
-- publish. So no transaction may wait for a lease while it holds a resource: ingest and cancel never
-- touch leases, rescue and a forced cancel skip a locked lease. Therefore a long publish never delays
-- a webhook. The rows of body_budget come after all others, in a transaction's last statement.

begin;

create schema devy;
comment on schema devy is 'Devy''s replica of blogs that live in GitHub repositories, and the queue that keeps it up to date.';
set local search_path = devy, pg_temp;

\ir core/platform/schema/schema.sql
\ir core/platform/queue/schema.sql
\ir core/platform/queue/ingest.sql
\ir core/platform/queue/claim.sql
\ir core/platform/queue/health.sql
\ir core/platform/queue/attempts.sql
\ir core/platform/queue/acts.sql
\ir core/platform/queue/retention.sql
\ir core/platform/queue/statistics.sql
\ir core/platform/token/schema.sql
\ir core/platform/github/schema.sql
\ir core/platform/github/writes.sql
\ir core/platform/webhook/schema.sql
\ir core/platform/web/console.sql
\ir core/platform/web/bulk.sql
\ir core/publishing/schema.sql
\ir core/publishing/reading.sql
\ir core/publishing/redirects.sql
\ir core/platform/web/schema.sql
\ir core/platform/web/sessions.sql
\ir core/platform/web/login.sql
\ir core/platform/web/audit.sql
\ir core/publishing/connecting.sql
\ir core/mirror/schema.sql
\ir core/mirror/lists.sql
\ir core/mirror/scans.sql
\ir core/mirror/feed.sql
\ir core/mirror/feed_triggers.sql
\ir core/mirror/feed_parts.sql
\ir core/mirror/judge.sql
\ir core/mirror/apply_accounts.sql
\ir core/mirror/apply_work.sql
\ir core/mirror/apply_parts.sql
\ir core/mirror/apply.sql
\ir core/mirror/sweep.sql
\ir core/mirror/live.sql
\ir core/mirror/verify.sql
\ir core/mirror/console.sql
\ir core/files/schema.sql
\ir core/files/owners.sql
\ir core/files/receive.sql
\ir core/files/storing.sql
\ir core/files/cleanup.sql
\ir core/files/tokens.sql
\ir core/files/uploads.sql
\ir core/gists/schema.sql
\ir core/gists/crm.sql
\ir core/gists/users.sql
\ir core/gists/scans.sql
\ir core/gists/visits.sql
\ir core/gists/outbox.sql
\ir core/sync/schema.sql
\ir core/sync/projects.sql
\ir core/sync/connections.sql
\ir core/sync/installations.sql
\ir core/sync/figures.sql
\ir core/sync/fields.sql
\ir core/sync/said.sql
\ir core/sync/links.sql
\ir core/sync/inbound.sql
\ir core/sync/merging.sql
\ir core/sync/ends.sql
\ir core/sync/moves.sql
\ir core/sync/renames.sql
\ir core/sync/outbound.sql
\ir core/sync/edits.sql
\ir core/sync/feedback.sql

commit;
