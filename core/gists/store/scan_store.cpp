#include "core/gists/store/scan_store.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::gists {
namespace {

constexpr pg::Statement select_scanned_user{"user_of_gist_scan", R"sql(
  select t.id from operation o
    join resource r on r.id = o.resource_id
    join tracked_user t on t.id::text = r.key
   where o.id = $1::uuid)sql"};

constexpr pg::Statement select_known{"known_gists", R"sql(
  select g.id, g.updated_at, g.gone_at is not null as is_gone, f.id as file_id, f.filename, v.blob
    from gist g
    left join gist_file f on f.gist_id = g.id and f.removed_at is null
    left join gist_version v on v.gist_file_id = f.id and v.number = f.version
   where g.tracked_user_id = $1::uuid
   order by g.id, f.filename)sql"};

constexpr pg::Statement call_store{"gist_store", R"sql(
  select gist_store($1::uuid, $2::text, $3::text, $4::text, $5::timestamptz, $6::timestamptz, $7::boolean,
                    $8::bigint) as is_new)sql"};

constexpr pg::Statement call_version{"gist_version_store", R"sql(
  select o_version, o_is_for_crm
    from gist_version_store($1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::bigint, $7::text, $8::text,
                            $9::text, $10::bytea, $11::text, $12::bigint, $13::text, $14::text, $15::text))sql",
                                     true};

constexpr pg::Statement call_rename{"gist_file_rename", R"sql(
  select gist_file_rename($1::uuid, $2::text, $3::text))sql"};

constexpr pg::Statement update_removed{"remove_gist_files", R"sql(
  update gist_file set removed_at = clock_timestamp()
   where id = any ($1::uuid[]) and removed_at is null)sql"};

constexpr pg::Statement update_content{"refill_gist_content", R"sql(
  update gist_version v set content = $2::bytea, content_state = $3::text::gist_content_state
    from gist_file f where f.id = $1::uuid and v.gist_file_id = f.id and v.number = f.version)sql"};

constexpr pg::Statement call_wake{"gist_crm_wake", R"sql(
  select gist_crm_wake($1::text, 'reconcile'))sql"};

constexpr pg::Statement call_gist_end{"gist_end", R"sql(
  select gist_end($1::uuid, $2::text, $3::text) as is_ended)sql"};

constexpr pg::Statement call_scan_end{"gist_scan_end", R"sql(
  select gist_scan_end($1::uuid, $2::text, $3::timestamptz, $4::text, $5::boolean, $6::timestamptz,
                       clock_timestamp() + make_interval(secs => $7::bigint), $8::integer, $9::integer))sql"};

constexpr pg::Statement call_routine_ask{"routine_ask", R"sql(
  select o_user_id, o_operation_id, o_is_joined
    from routine_ask($1::uuid[], $2::boolean, $3::text, $4::text))sql"};

constexpr pg::Statement call_scans_record{"gist_scans_record", R"sql(
  select gist_scans_record($1::integer) as count)sql"};

constexpr pg::Statement call_scans_settle{"gist_scans_settle", R"sql(
  select gist_scans_settle($1::integer, make_interval(secs => $2::bigint)) as count)sql"};

constexpr pg::Statement call_routine_fill{"routine_fill", R"sql(
  select routine_fill(make_interval(secs => $1::bigint), make_interval(secs => $2::bigint), $3::integer) as count)sql"};

std::optional<std::string> time_parameter(const std::optional<base::TimePoint>& time) {
  return time ? std::optional(base::format_rfc3339(*time)) : std::nullopt;
}

std::optional<pg::Bytes> bytes_parameter(const std::optional<std::string>& content) {
  return content ? std::optional(pg::Bytes{*content}) : std::nullopt;
}

// Without a token nothing is recorded for the CRM.
std::string company_of(const config::Crm& crm) {
  return crm.token_file.empty() ? std::string() : crm.company;
}

bool store_version(pg::Connection& connection, const User& user, const std::string& gist,
                   const StoredVersion& version, const config::Crm& crm) {
  const auto file = version.file ? std::optional(version.file->text()) : std::nullopt;
  const auto rows = connection.one(
      call_version, pg::Params(user.id.text(), gist, file, version.filename, version.blob,
                               version.size, version.media_type, version.language, version.raw_url,
                               bytes_parameter(version.content), to_string(version.state),
                               user.routine, company_of(crm), crm.mode, crm.on_edit));
  return rows[0].boolean("o_is_for_crm");
}

int count_of(pg::Connection& connection, const pg::Statement& statement, const pg::Params& params) {
  pg::Transaction transaction(connection);
  const auto count = static_cast<int>(connection.one(statement, params)[0].integer("count"));
  transaction.commit();
  return count;
}

}  // namespace

std::optional<User> user_of_scan(pg::Connection& connection, const base::OperationId& operation) {
  const auto rows = connection.maybe(select_scanned_user, pg::Params(operation.text()));
  return rows ? find_user(connection, UserId::trusted((*rows)[0].text("id"))) : std::nullopt;
}

std::vector<KnownGist> known_gists(pg::Connection& connection, const UserId& user) {
  std::vector<KnownGist> known;
  for (const auto row : connection.query(select_known, pg::Params(user.text()))) {
    if (known.empty() || known.back().id != row.view("id"))
      known.push_back({row.text("id"), row.time("updated_at"), row.boolean("is_gone"), {}});
    if (!row.is_null("file_id"))
      known.back().files.push_back(
          {FileId::trusted(row.text("file_id")), row.text("filename"), row.text("blob")});
  }
  return known;
}

GistStored store_gist(pg::Connection& connection, const User& user, const GistNews& news,
                      const config::Crm& crm) {
  const auto& gist = news.gist;
  GistStored stored;
  stored.is_new =
      connection
          .one(call_store,
               pg::Params(user.id.text(), gist.id, gist.description, gist.html_url,
                          base::format_rfc3339(gist.created_at),
                          base::format_rfc3339(gist.updated_at), gist.is_partial, user.routine))[0]
          .boolean("is_new");
  // A name that is free now may be that of a new file.
  std::vector<std::string> removed;
  for (const auto& file : news.removed)
    removed.push_back(file.text());
  if (!removed.empty()) connection.execute(update_removed, pg::Params(removed));
  for (const auto& file : news.renamed)
    connection.query(call_rename, pg::Params(file.file.text(), file.filename, file.raw_url));
  for (const auto& version : news.versions)
    if (store_version(connection, user, gist.id, version, crm)) stored.is_for_crm = true;
  for (const auto& version : news.refilled)
    connection.execute(update_content,
                       pg::Params(version.file->text(), bytes_parameter(version.content),
                                  to_string(version.state)));
  return stored;
}

void wake_crm(pg::Connection& connection, const config::Crm& crm) {
  connection.query(call_wake, pg::Params(crm.company));
}

bool end_gist(pg::Connection& connection, const UserId& user, const std::string& gist,
              const std::string& reason) {
  return connection.one(call_gist_end, pg::Params(user.text(), gist, reason))[0].boolean(
      "is_ended");
}

void end_scan(pg::Connection& connection, const UserId& user, const ScanEnd& end) {
  const auto next_in = end.next_in ? std::optional(end.next_in->count()) : std::nullopt;
  connection.query(call_scan_end,
                   pg::Params(user.text(), end.state, time_parameter(end.watermark),
                              base::unless_empty(end.etag), end.is_full,
                              base::format_rfc3339(end.started_at), next_in, end.gists, end.files));
}

std::vector<Recorded> ask_scans_within(pg::Connection& connection, const std::vector<UserId>& users,
                                       const ScanRequest& request) {
  std::vector<std::string> ids;
  for (const auto& user : users)
    ids.push_back(user.text());
  std::vector<Recorded> recorded;
  for (const auto row :
       connection.query(call_routine_ask,
                        pg::Params(ids, request.is_full, base::unless_empty(request.requested_by),
                                   base::unless_empty(request.reason))))
    recorded.push_back({UserId::trusted(row.text("o_user_id")),
                        base::OperationId::trusted(row.text("o_operation_id")),
                        row.boolean("o_is_joined")});
  return recorded;
}

std::vector<Recorded> ask_scans(pg::Connection& connection, const std::vector<UserId>& users,
                                const ScanRequest& request) {
  pg::Transaction transaction(connection);
  auto recorded = ask_scans_within(connection, users, request);
  transaction.commit();
  return recorded;
}

int record_due_scans(pg::Connection& connection, int limit) {
  return count_of(connection, call_scans_record, pg::Params(limit));
}

int settle_scans(pg::Connection& connection, const config::Gists& gists, int limit) {
  return count_of(connection, call_scans_settle, pg::Params(limit, gists.every.count()));
}

int fill_routine(pg::Connection& connection, const config::Gists& gists, int limit) {
  return count_of(connection, call_routine_fill,
                  pg::Params(gists.every.count(), gists.spread.count(), limit));
}

}  // namespace devy::gists
