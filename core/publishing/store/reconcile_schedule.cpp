#include "core/publishing/store/reconcile_schedule.hpp"

#include "core/platform/queue/ingest.hpp"

namespace devy::publishing {
namespace {

// The comparison uses now(), because an index cannot serve a changing clock: when nothing is due,
// every row would be read. A repository frozen by a person or by GitHub is asked only when a
// delivery claims something of it.
constexpr pg::Statement claim_due_reconcile{"claim_due_reconcile", R"sql(
  with due as materialized (
    select k.blog_id from reconcile_schedule k
    where k.reconcile_at <= now()
    order by k.reconcile_at
    limit 1
    for no key update skip locked)
  update reconcile_schedule k
  set reconcile_at = clock_timestamp() + (0.9 + 0.2 * random()) * $1::bigint * interval '1 millisecond'
  from due
  join blog b on b.id = due.blog_id
  join repository r on r.id = b.repository_id
  where k.blog_id = due.blog_id
  returning k.blog_id,
            b.is_connected and (coalesce(r.frozen_reason, $2::text) = $2::text or r.claim is not null)
              as is_asked)sql"};

constexpr pg::Statement claim_due_verify{"claim_due_verify", R"sql(
  with due as materialized (
    select k.blog_id from reconcile_schedule k
    where k.verify_at <= now()
    order by k.verify_at
    limit 1
    for no key update skip locked)
  update reconcile_schedule k
  set verify_at = clock_timestamp() + (0.9 + 0.2 * random()) * $1::bigint * interval '1 millisecond'
  from due
  join blog b on b.id = due.blog_id
  join repository r on r.id = b.repository_id
  where k.blog_id = due.blog_id
  returning k.blog_id, b.is_connected and r.frozen_reason is null as is_asked)sql"};

constexpr pg::Statement update_reachable{"update_reachable", R"sql(
  update reconcile_schedule
  set reconciled_at = clock_timestamp(), failures = 0, gone_since = null, error = null
  where blog_id = $1::uuid)sql"};

// Doubling ends long before 2^20. A repository that was gone stays so while the remote is only
// unavailable: whatever answers next may be another one of the same name.
constexpr pg::Statement update_unreachable{"update_unreachable", R"sql(
  update reconcile_schedule
  set failures = failures + 1,
      error = $2::text,
      gone_since = case when $3::boolean then coalesce(gone_since, clock_timestamp()) else gone_since end,
      reconcile_at = clock_timestamp() + (0.9 + 0.2 * random()) * interval '1 millisecond'
        * greatest($4::bigint, least($5::bigint, $4::bigint * 2 ^ least(failures + 1, 20)))
  where blog_id = $1::uuid
  returning failures,
            case when $3::boolean
                 then coalesce(extract(epoch from clock_timestamp() - gone_since) * 1000, 0)::bigint
                 else 0 end as gone_for_ms)sql"};

constexpr pg::Statement freeze_blog_repository{"freeze_blog_repository", R"sql(
  update repository r
  set frozen_reason = $2::text, updated_at = clock_timestamp()
  from blog b
  where b.id = $1::uuid and r.id = b.repository_id and b.is_connected and r.frozen_reason is null)sql"};

constexpr pg::Statement thaw_blog_repository{"thaw_blog_repository", R"sql(
  update repository r
  set frozen_reason = null, updated_at = clock_timestamp()
  from blog b
  where b.id = $1::uuid and r.id = b.repository_id and b.is_connected
    and r.frozen_reason = $2::text)sql"};

constexpr pg::Statement update_verified{"update_verified", R"sql(
  update reconcile_schedule set verified_at = clock_timestamp(), drift = $2::integer
  where blog_id = $1::uuid)sql"};

constexpr pg::Statement update_verify_at{"update_verify_at", R"sql(
  update reconcile_schedule
  set verify_at = clock_timestamp() + $2::bigint * interval '1 millisecond'
  where blog_id = $1::uuid and verify_at is not null)sql"};

constexpr pg::Statement update_skipped_tip{"update_skipped_tip", R"sql(
  update reconcile_schedule set skipped_tip = $2::text
  where blog_id = $1::uuid and skipped_tip is distinct from $2::text)sql"};

constexpr pg::Statement select_skipped_tips{"select_skipped_tips", R"sql(
  select a.username || '/' || b.slug as address
  from reconcile_schedule k
  join blog b on b.id = k.blog_id
  join account a on a.id = b.account_id
  where k.skipped_tip is not null and b.is_connected
  order by address)sql"};

constexpr pg::Statement select_reconcile_schedule{"select_reconcile_schedule", R"sql(
  select reconcile_at, reconciled_at, gone_since, verified_at, failures, error, drift,
         skipped_tip
  from reconcile_schedule where blog_id = $1::uuid)sql"};

std::int64_t milliseconds_of(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

// Limit for the blogs not to be asked that one claim skips before it lets others work.
constexpr int passed_over_max = 100;

std::optional<base::BlogId> claim(pg::Connection& connection, const pg::Statement& statement,
                                  const pg::Params& params) {
  for (int n = 0; n < passed_over_max; ++n) {
    const auto claimed = connection.maybe(statement, params);
    if (!claimed) return std::nullopt;
    const auto row = (*claimed)[0];
    if (row.boolean("is_asked")) return base::BlogId::trusted(row.text("blog_id"));
  }
  return std::nullopt;
}

}  // namespace

std::optional<base::BlogId> claim_reconcile(pg::Connection& connection, base::Duration every) {
  return claim(connection, claim_due_reconcile,
               pg::Params(milliseconds_of(every), unreachable_reason));
}

std::optional<base::BlogId> claim_verify(pg::Connection& connection, base::Duration every) {
  return claim(connection, claim_due_verify, pg::Params(milliseconds_of(every)));
}

void note_reachable(pg::Connection& connection, const base::BlogId& blog) {
  connection.execute(update_reachable, pg::Params(blog.text()));
}

Failing note_unreachable(pg::Connection& connection, const base::BlogId& blog,
                         const Unreachable& unreachable) {
  const auto noted = connection.maybe(
      update_unreachable,
      pg::Params(blog.text(), unreachable.error, unreachable.is_gone,
                 milliseconds_of(unreachable.every), milliseconds_of(unreachable.slowest)));
  if (!noted) return {};
  const auto row = (*noted)[0];
  return {static_cast<int>(row.integer("failures")),
          std::chrono::milliseconds(row.integer("gone_for_ms"))};
}

bool freeze_blog(pg::Connection& connection, const Blog& blog, const std::string& reason) {
  pg::Transaction transaction(connection);
  const bool is_frozen =
      connection.execute(freeze_blog_repository, pg::Params(blog.id.text(), reason)) == 1;
  if (is_frozen) queue::set_enabled(connection, blog.resource, false);
  transaction.commit();
  return is_frozen;
}

bool thaw_blog(pg::Connection& connection, const Blog& blog, const std::string& reason) {
  pg::Transaction transaction(connection);
  const bool is_thawed =
      connection.execute(thaw_blog_repository, pg::Params(blog.id.text(), reason)) == 1;
  if (is_thawed) queue::set_enabled(connection, blog.resource, true);
  transaction.commit();
  return is_thawed;
}

void note_verified(pg::Connection& connection, const base::BlogId& blog, std::int64_t drift) {
  connection.execute(update_verified, pg::Params(blog.text(), drift));
}

void note_skipped_tip(pg::Connection& connection, const base::BlogId& blog,
                      const std::optional<std::string>& tip) {
  connection.execute(update_skipped_tip, pg::Params(blog.text(), tip));
}

std::vector<std::string> blogs_behind_skipped_tips(pg::Connection& connection) {
  std::vector<std::string> blogs;
  for (const auto row : connection.query(select_skipped_tips))
    blogs.push_back(row.text("address"));
  return blogs;
}

void postpone_verify(pg::Connection& connection, const base::BlogId& blog, base::Duration delay) {
  connection.execute(update_verify_at, pg::Params(blog.text(), milliseconds_of(delay)));
}

ReconcileSchedule load_reconcile_schedule(pg::Connection& connection, const base::BlogId& blog) {
  const auto found = connection.maybe(select_reconcile_schedule, pg::Params(blog.text()));
  if (!found) return {};
  const auto row = (*found)[0];
  ReconcileSchedule reconcile_schedule;
  reconcile_schedule.reconcile_at = row.maybe_time("reconcile_at");
  reconcile_schedule.reconciled_at = row.maybe_time("reconciled_at");
  reconcile_schedule.gone_since = row.maybe_time("gone_since");
  reconcile_schedule.verified_at = row.maybe_time("verified_at");
  reconcile_schedule.failures = static_cast<int>(row.integer("failures"));
  reconcile_schedule.error = row.maybe_text("error");
  reconcile_schedule.drift = row.integer("drift");
  reconcile_schedule.skipped_tip = row.maybe_text("skipped_tip");
  return reconcile_schedule;
}

}  // namespace devy::publishing
