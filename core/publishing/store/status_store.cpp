#include "core/publishing/store/status_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::publishing {
namespace {

constexpr int swept_at_once_max = 100;

constexpr pg::Statement call_status_begin{"commit_status_begin", R"sql(
  select commit_status_begin(p_operation_id => $1::uuid, p_commit => $2::text))sql"};

constexpr pg::Statement select_status_repository{"select_status_repository", R"sql(
  select r.id, r.url, r.github_id, r.installation
  from resource s join repository r on r.id = s.key::uuid
  where s.id = $1::bigint and s.kind = 'github_status')sql"};

constexpr pg::Statement update_installation{"update_installation", R"sql(
  update repository set installation = $2::bigint, updated_at = clock_timestamp()
  where id = $1::uuid and installation is distinct from $2::bigint)sql"};

constexpr pg::Statement select_wanted_statuses{"select_wanted_statuses", R"sql(
  select s.commit, s.operation_id, s.wanted
  from commit_status s join operation o on o.id = s.operation_id
  where s.repository_id = $1::uuid and s.sent < s.wanted
  order by o.arrival
  limit $2::integer)sql"};

constexpr pg::Statement update_sent{"update_sent", R"sql(
  update commit_status
  set sent = $3::integer, sent_state = coalesce($4::text, sent_state), error = $5::text,
      sent_at = clock_timestamp()
  where repository_id = $1::uuid and commit = $2::text and sent < $3::integer)sql"};

constexpr pg::Statement call_status_sweep{"commit_status_sweep", R"sql(
  select commit_status_sweep(p_limit => $1::integer) as count)sql"};

constexpr pg::Statement measure_statuses{"measure_statuses", R"sql(
  select (select count(*) from commit_status where sent < wanted) as unsent,
         (select (extract(epoch from clock_timestamp() - min(greatest(o.created_at, o.waiting_since))) * 1000)::bigint
            from commit_status s join operation o on o.id = s.operation_id
           where s.sent < s.wanted) as oldest_ms,
         count(*) filter (where error is null) as sent,
         count(*) filter (where error is not null) as refused,
         (array_agg(error order by sent_at desc) filter (where error is not null))[1] as last_error,
         (select max(not_before) from api_pause
           where not_before > clock_timestamp() and name not like 'pipedrive/%') as paused_until,
         (select reason from api_pause
           where not_before > clock_timestamp() and name not like 'pipedrive/%'
           order by not_before desc limit 1) as pause_reason
  from commit_status
  where sent_at > clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

constexpr pg::Statement select_statuses_of{"select_statuses_of", R"sql(
  select commit, sent = wanted as is_sent, sent_state, error, sent_at
  from commit_status where operation_id = $1::uuid
  order by commit)sql"};

}  // namespace

void begin_status(pg::Connection& connection, const base::UploadId& upload,
                  const std::string& commit) {
  connection.execute(call_status_begin, pg::Params(upload.text(), commit));
}

StatusRepository status_repository(pg::Connection& connection, queue::ResourceId resource) {
  const auto rows = connection.one(select_status_repository, pg::Params(resource));
  const auto row = rows[0];
  return {base::RepositoryId::trusted(row.text("id")), row.text("url"),
          row.maybe_integer("github_id"), row.maybe_integer("installation")};
}

void save_installation(pg::Connection& connection, const base::RepositoryId& repository,
                       std::int64_t installation) {
  connection.execute(update_installation, pg::Params(repository.text(), installation));
}

std::vector<WantedStatus> wanted_statuses(pg::Connection& connection,
                                          const base::RepositoryId& repository, int limit) {
  std::vector<WantedStatus> wanted;
  for (const auto row :
       connection.query(select_wanted_statuses, pg::Params(repository.text(), limit)))
    wanted.push_back({row.text("commit"), base::UploadId::trusted(row.text("operation_id")),
                      static_cast<int>(row.integer("wanted"))});
  return wanted;
}

void note_sent(pg::Connection& connection, const base::RepositoryId& repository,
               const WantedStatus& status, const SentStatus& sent) {
  const auto state = sent.error ? std::nullopt : std::optional(sent.state);
  connection.execute(
      update_sent, pg::Params(repository.text(), status.commit, status.wanted, state, sent.error));
}

int sweep_statuses(pg::Connection& connection) {
  return static_cast<int>(
      connection.one(call_status_sweep, pg::Params(swept_at_once_max))[0].integer("count"));
}

StatusFigures status_figures(pg::Connection& connection, base::Duration window) {
  const auto rows = connection.one(measure_statuses, pg::Params(window.count()));
  const auto row = rows[0];
  StatusFigures figures;
  figures.unsent = row.integer("unsent");
  figures.oldest_unsent_ms = row.maybe_integer("oldest_ms");
  figures.sent = row.integer("sent");
  figures.refused = row.integer("refused");
  figures.last_error = row.maybe_text("last_error");
  figures.paused_until = row.maybe_time("paused_until");
  figures.pause_reason = row.maybe_text("pause_reason");
  return figures;
}

std::vector<StatusOfUpload> statuses_of(pg::Connection& connection, const base::UploadId& upload) {
  std::vector<StatusOfUpload> statuses;
  for (const auto row : connection.query(select_statuses_of, pg::Params(upload.text())))
    statuses.push_back({row.text("commit"), row.boolean("is_sent"), row.maybe_text("sent_state"),
                        row.maybe_text("error"), row.maybe_time("sent_at")});
  return statuses;
}

}  // namespace devy::publishing
