#include "core/sync/store/outbound_store.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::sync {
namespace {

using json::Json;

constexpr pg::Statement select_sending{"select_sending", R"sql(
  select l.id, l.kind, l.connection_id, c.state, coalesce(c.reason, '') as reason,
         coalesce(l.gone_reason, '') as gone_reason, o.owner, l.github_key, l.github_id,
         coalesce(l.base::text, '') as base, c.labels::text as labels,
         case l.kind when 'task' then sync_task_fields(l.id) else sync_comment_fields(l.id) end::text as fields,
         l.owed, coalesce(t.version, m.version, 0) as version,
         coalesce(t.deleted_at, m.deleted_at) is not null as is_deleted,
         coalesce(l.intent::text, '') as intent,
         coalesce(a.id::text, '') as author, coalesce(a.username, '') as author_name, a.github_id as author_github_id,
         coalesce(l.parent_id::text, '') as parent, p.github_key as parent_key,
         coalesce(p.gone_reason, '') as parent_gone_reason,
         l.kind = 'task' or l.github_key is not null or sync_next_comment(l.parent_id) is not distinct from l.id as is_next,
         coalesce(t.is_locked, k.is_locked, false) as is_locked
    from sync_operation s
    join operation o on o.id = s.operation_id
    join sync_link l on l.id = s.link_id
    join project_repository c on c.id = l.connection_id
    left join task t on l.kind = 'task' and t.id = l.id
    left join comment m on l.kind = 'comment' and m.id = l.id
    left join account a on a.id = coalesce(t.author_id, m.author_id)
    left join sync_link p on p.id = l.parent_id
    left join task k on k.id = l.parent_id
   where s.operation_id = $1::uuid)sql"};

constexpr pg::Statement select_newest_number{"select_newest_number", R"sql(
  select greatest((select max(number) from github.issue where repository_id = $1::bigint),
                  (select max(number) from github.pull_request where repository_id = $1::bigint), 0)::bigint as number)sql"};

constexpr pg::Statement select_labels{"select_known_labels", R"sql(
  select name from github.label
   where repository_id = $1::bigint and deleted_at is null and lower(name) = any ($2::text[]))sql"};

constexpr pg::Statement select_milestone{"select_milestone_number", R"sql(
  select number from github.milestone
   where repository_id = $1::bigint and deleted_at is null and title = $2::text
   order by state desc, number desc limit 1)sql"};

constexpr pg::Statement select_logins{"select_logins", R"sql(
  select id, login from github."user" where id = any ($1::bigint[]) and login is not null)sql"};

constexpr pg::Statement select_linked{"select_linked_logins", R"sql(
  select lower(a.username) as name, u.login
    from account a join github."user" u on u.id = a.github_id
   where lower(a.username) = any ($1::text[]) and u.login is not null)sql"};

constexpr pg::Statement call_intent{"sync_intent_set", R"sql(
  select sync_intent_set($1::uuid, $2::jsonb))sql"};
constexpr pg::Statement call_made{"sync_link_made", R"sql(
  select sync_link_made($1::uuid, $2::bigint, $3::bigint) as is_made)sql"};
constexpr pg::Statement call_owed_clear{"sync_owed_clear", R"sql(
  select sync_owed_clear($1::uuid, $2::integer, true))sql"};
constexpr pg::Statement add_one_owed{"add_owed", R"sql(
  update sync_link set owed = greatest(owed, 1) where id = $1::uuid)sql"};
constexpr pg::Statement call_refused{"sync_refused_set", R"sql(
  select sync_refused_set($1::uuid, $2::jsonb))sql"};
constexpr pg::Statement call_unlink{"sync_unlink", R"sql(
  select sync_unlink($1::uuid, $2::text))sql"};
constexpr pg::Statement call_contested{"sync_is_contested", R"sql(
  select sync_is_contested($1::uuid, $2::text[]) as is_contested)sql"};
constexpr pg::Statement call_note{"sync_operation_note", R"sql(
  select sync_operation_note($1::uuid, $2::text, $3::text[], $4::bigint, $5::timestamptz, $6::integer,
                             $7::jsonb, $8::integer))sql"};
constexpr pg::Statement upsert_minute{"count_sync_writes", R"sql(
  insert into budget_minute as b (minute, credential, remaining, writes, contents)
  select date_trunc('minute', clock_timestamp()), $1::text,
         (select remaining from api_budget
           where credential = $1::text and resource = 'core' and reset_at > clock_timestamp()),
         $2::integer, $3::integer
  on conflict (minute, credential) do update
  set remaining = excluded.remaining, writes = b.writes + excluded.writes,
      contents = b.contents + excluded.contents)sql"};
constexpr pg::Statement call_record{"sync_outbound_record", R"sql(
  select sync_outbound_record($1::uuid, $2::smallint, 'reconcile', null))sql"};
constexpr pg::Statement call_record_next{"sync_outbound_record_next", R"sql(
  select sync_outbound_record(n.id, 90::smallint, 'operator', null)
  from sync_next_comment($1::uuid) as n (id) where n.id is not null)sql"};
constexpr pg::Statement call_connection_disconnect{"connection_disconnect", R"sql(
  select connection_disconnect($1::uuid, $2::text, 'GitHub'))sql"};

constexpr json::Format intent_format{.name = "a creation's state",
                                     .bytes_max = std::size_t{4} << 10U,
                                     .kind = base::ErrorKind::internal,
                                     .code = "intent_unreadable"};

std::optional<Sending::Intent> read_intent(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto value = json::parse(text, intent_format);
  Sending::Intent intent;
  intent.at = base::parse_rfc3339(value.text("at")).value_or(base::TimePoint{});
  intent.number_before = value.integer("number_before");
  intent.marker = value.text("marker");
  intent.version = static_cast<int>(value.integer("version"));
  intent.tries = static_cast<int>(value.integer("tries"));
  intent.lookups = static_cast<int>(value.integer("lookups"));
  return intent;
}

}  // namespace

std::optional<Sending> load_sending(pg::Connection& connection,
                                    const base::OperationId& operation) {
  const auto found = connection.maybe(select_sending, pg::Params(operation.text()));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  Sending sending;
  sending.link = row.text("id");
  sending.is_task = row.text("kind") == "task";
  sending.connection = row.text("connection_id");
  sending.connection_state = row.text("state");
  sending.connection_reason = row.text("reason");
  sending.gone_reason = row.text("gone_reason");
  sending.owner = row.text("owner");
  sending.key = row.maybe_integer("github_key");
  sending.github_id = row.maybe_integer("github_id");
  sending.base = row.text("base");
  sending.labels = row.text("labels");
  sending.fields = row.text("fields");
  sending.owed = static_cast<int>(row.integer("owed"));
  sending.version = static_cast<int>(row.integer("version"));
  sending.is_deleted = row.boolean("is_deleted");
  sending.intent = read_intent(row.text("intent"));
  sending.author = row.text("author");
  sending.author_name = row.text("author_name");
  sending.author_github_id = row.maybe_integer("author_github_id");
  sending.parent = row.text("parent");
  sending.parent_key = row.maybe_integer("parent_key");
  sending.parent_gone_reason = row.text("parent_gone_reason");
  sending.is_next = row.boolean("is_next");
  sending.is_locked = row.boolean("is_locked");
  return sending;
}

std::int64_t newest_number(pg::Connection& connection, std::int64_t repository) {
  return connection.one(select_newest_number, pg::Params(repository))[0].integer("number");
}

std::map<std::string, std::string> known_labels(pg::Connection& connection, std::int64_t repository,
                                                const std::set<std::string>& names) {
  std::vector<std::string> wanted;
  for (const auto& name : names)
    wanted.push_back(base::to_lower(name));
  std::map<std::string, std::string> known;
  for (const auto row : connection.query(select_labels, pg::Params(repository, wanted)))
    known.emplace(base::to_lower(row.text("name")), row.text("name"));
  return known;
}

std::optional<std::int64_t> milestone_number(pg::Connection& connection, std::int64_t repository,
                                             const std::string& title) {
  const auto found = connection.maybe(select_milestone, pg::Params(repository, title));
  if (!found) return std::nullopt;
  return (*found)[0].integer("number");
}

std::map<std::int64_t, std::string> logins_of(pg::Connection& connection,
                                              const std::set<std::int64_t>& users) {
  std::vector<std::string> ids;
  for (const auto user : users)
    ids.push_back(std::to_string(user));
  std::map<std::int64_t, std::string> logins;
  for (const auto row : connection.query(select_logins, pg::Params(ids)))
    logins.emplace(row.integer("id"), row.text("login"));
  return logins;
}

std::map<std::string, std::string> linked_logins(pg::Connection& connection,
                                                 const std::vector<std::string>& names) {
  std::map<std::string, std::string> logins;
  if (names.empty()) return logins;
  for (const auto row : connection.query(select_linked, pg::Params(names)))
    logins.emplace(row.text("name"), row.text("login"));
  return logins;
}

void set_intent(pg::Connection& connection, const std::string& link,
                const std::optional<Sending::Intent>& intent) {
  std::optional<std::string> document;
  if (intent)
    document = Json::object({{"at", intent->at},
                             {"number_before", intent->number_before},
                             {"marker", intent->marker},
                             {"version", intent->version},
                             {"tries", intent->tries},
                             {"lookups", intent->lookups}})
                   .compact();
  connection.execute(call_intent, pg::Params(link, document));
}

bool note_made(pg::Connection& connection, const std::string& link, std::int64_t key,
               std::optional<std::int64_t> github_id) {
  return connection.one(call_made, pg::Params(link, key, github_id))[0].boolean("is_made");
}

void clear_owed(pg::Connection& connection, const std::string& link, int owed) {
  connection.execute(call_owed_clear, pg::Params(link, owed));
}

void add_owed(pg::Connection& connection, const std::string& link) {
  connection.execute(add_one_owed, pg::Params(link));
}

void set_refused(pg::Connection& connection, const std::string& link,
                 const std::map<std::string, std::string>& refused) {
  auto document = Json::object();
  for (const auto& [field, digest] : refused)
    document.set(field, digest.empty() ? Json() : Json(digest));
  connection.execute(call_refused, pg::Params(link, document.compact()));
}

void unlink(pg::Connection& connection, const std::string& link, const std::string& reason) {
  connection.execute(call_unlink, pg::Params(link, reason));
}

bool is_contested(pg::Connection& connection, const base::OperationId& operation,
                  const std::set<std::string>& fields) {
  return connection
      .one(call_contested,
           pg::Params(operation.text(), std::vector<std::string>(fields.begin(), fields.end())))[0]
      .boolean("is_contested");
}

void note_sending(pg::Connection& connection, const base::OperationId& operation,
                  const SendingNote& note) {
  auto calls = Json::array();
  for (const auto& call : note.calls)
    calls.push(Json::object({{"method", call.method},
                             {"path", call.path},
                             {"status", call.status == 0 ? Json() : Json(call.status)},
                             {"at", call.at}}));
  std::optional<std::vector<std::string>> fields;
  if (!note.fields.empty()) fields.emplace(note.fields.begin(), note.fields.end());
  std::optional<std::string> at;
  if (note.github_at) at = base::format_rfc3339(*note.github_at);
  connection.execute(call_note, pg::Params(operation.text(), base::unless_empty(note.outcome),
                                           fields, note.key, at, note.version, calls.compact(),
                                           static_cast<int>(note.calls.size())));
}

void count_writes(pg::Connection& connection, const std::string& credential, int writes,
                  int contents) {
  connection.execute(upsert_minute, pg::Params(credential, writes, contents));
}

void record_outbound(pg::Connection& connection, const std::string& link, int priority) {
  connection.execute(call_record, pg::Params(link, priority));
}

void record_next_comment(pg::Connection& connection, const std::string& task) {
  connection.execute(call_record_next, pg::Params(task));
}

void disconnect_connection(pg::Connection& connection, const std::string& id,
                           const std::string& reason) {
  connection.execute(call_connection_disconnect, pg::Params(id, reason));
}

}  // namespace devy::sync
