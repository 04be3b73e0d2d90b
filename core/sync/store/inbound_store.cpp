#include "core/sync/store/inbound_store.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::sync {
namespace {

using Column = std::vector<std::optional<std::string>>;

constexpr pg::Statement call_known{"sync_known", R"sql(
  select o_repository_id, o_connection_id from sync_known($1::bigint[]))sql",
                                   true};

constexpr pg::Statement call_inbound_record{"sync_inbound_record", R"sql(
  select o_place, o_id
  from sync_inbound_record($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[],
                           $7::uuid[], $8::bigint[], $9::text[], $10::timestamptz[], $11::text[],
                           $12::boolean[], $13::boolean[], $14::text)
  order by o_place)sql",
                                            true};

constexpr pg::Statement select_of_deliveries{"select_sync_operations_of_deliveries", R"sql(
  select n.place, s.operation_id
  from unnest($1::uuid[]) with ordinality as n (guid, place)
  join sync_operation s on s.delivery_guid = n.guid
  order by n.place, s.operation_id)sql"};

constexpr pg::Statement call_name_changed{"sync_name_changed", R"sql(
  select sync_name_changed($1::uuid, $2::boolean, $3::text, $4::text))sql"};

constexpr pg::Statement call_rows_changed{"sync_rows_changed", R"sql(
  select o_connection_id, o_kind, o_key, o_number, o_is_restored, o_is_gone, o_at, o_row, o_base_digest, o_is_same_otherwise, o_link
  from sync_rows_changed($1::text[], $2::bigint[], $3::text[]))sql",
                                          true};

constexpr pg::Statement select_comment_gaps{"select_sync_comment_gaps", R"sql(
  select r.full_name
  from project_repository c
  join github.repository r on r.id = c.repository_id
  where c.state = 'synced'
    and exists (
      select from github.issue i
       where i.repository_id = c.repository_id and i.deleted_at is null
         and i.comments_count <> (select count(*) from github.issue_comment m
                                   where m.repository_id = i.repository_id and m.number = i.number
                                     and m.deleted_at is null))
  order by c.repository_id
  limit $1::integer)sql"};

constexpr pg::Statement select_reason{"select_sync_reason", R"sql(
  select s.link_id, o.kind, s.connection_id, c.repository_id, s.delivery_guid, s.action, o.direction,
         coalesce(r.full_name, c.repository_id::text) || coalesce('#' || p.github_key, '#' || l.github_key, '') as target
  from sync_operation s
  join operation o on o.id = s.operation_id
  join project_repository c on c.id = s.connection_id
  left join github.repository r on r.id = c.repository_id
  left join sync_link l on l.id = s.link_id
  left join sync_link p on p.id = l.parent_id
  where s.operation_id = $1::uuid)sql",
                                      true};

constexpr pg::Statement select_targets{"select_sync_targets", R"sql(
  select s.operation_id, coalesce(r.full_name, c.repository_id::text) || coalesce('#' || p.github_key, '#' || l.github_key, '') as target
  from sync_operation s
  join project_repository c on c.id = s.connection_id
  left join github.repository r on r.id = c.repository_id
  left join sync_link l on l.id = s.link_id
  left join sync_link p on p.id = l.parent_id
  where s.operation_id = any ($1::uuid[]))sql"};

constexpr pg::Statement update_outcome{"note_sync_outcome", R"sql(
  update sync_operation
  set outcome = $2::text, github_updated_at = coalesce($3::timestamptz, github_updated_at)
  where operation_id = $1::uuid)sql",
                                       true};

std::string boolean_text(bool is_true) {
  return is_true ? "t" : "f";
}

}  // namespace

std::map<std::int64_t, std::string> known_connections(
    pg::Connection& connection, const std::vector<std::int64_t>& repositories) {
  Column ids;
  for (const auto id : repositories)
    ids.emplace_back(std::to_string(id));
  std::map<std::int64_t, std::string> known;
  for (const auto row : connection.query(call_known, pg::Params(ids)))
    known.emplace(row.integer("o_repository_id"), row.text("o_connection_id"));
  return known;
}

std::vector<RecordedNews> record_news(pg::Connection& connection, const std::vector<News>& news,
                                      queue::Source source) {
  Column id, connections, kind, key, number, marker, guid, installation, action, at, revision,
      is_extra, is_forced;
  for (const auto& one : news) {
    id.emplace_back(base::system_random().uuid());
    connections.emplace_back(one.connection);
    kind.emplace_back(one.is_task ? "task" : "comment");
    key.emplace_back(std::to_string(one.key));
    number.emplace_back(std::to_string(one.number));
    marker.push_back(base::unless_empty(one.marker));
    guid.push_back(base::unless_empty(one.guid));
    installation.emplace_back();
    if (one.installation) installation.back() = std::to_string(*one.installation);
    action.push_back(base::unless_empty(one.action));
    at.emplace_back();
    if (one.event_at) at.back() = base::format_rfc3339(*one.event_at);
    if (one.is_end) at.back() = "infinity";
    revision.push_back(base::unless_empty(one.revision));
    is_extra.emplace_back(boolean_text(one.is_extra));
    is_forced.emplace_back(boolean_text(one.is_forced));
  }
  std::vector<RecordedNews> recorded;
  for (const auto row : connection.query(
           call_inbound_record,
           pg::Params(id, connections, kind, key, number, marker, guid, installation, action, at,
                      revision, is_extra, is_forced, queue::to_string(source))))
    recorded.push_back({static_cast<std::size_t>(row.integer("o_place")) - 1,
                        base::OperationId::trusted(row.text("o_id"))});
  return recorded;
}

std::vector<std::vector<base::OperationId>> operations_of_deliveries(
    pg::Connection& connection, std::span<const std::string> guids) {
  std::vector<std::vector<base::OperationId>> found(guids.size());
  const std::vector<std::string> column(guids.begin(), guids.end());
  for (const auto row : connection.query(select_of_deliveries, pg::Params(column)))
    found.at(static_cast<std::size_t>(row.integer("place")) - 1)
        .push_back(base::OperationId::trusted(row.text("operation_id")));
  return found;
}

void note_name(pg::Connection& connection, const std::string& of_connection,
               const NameChange& change) {
  connection.execute(call_name_changed,
                     pg::Params(of_connection, change.is_label, change.from, change.to));
}

std::vector<Change> changes_of(pg::Connection& connection, const ChangedRows& rows) {
  std::vector<Change> changes;
  for (const auto row :
       connection.query(call_rows_changed, pg::Params(rows.relations, rows.ids, rows.actions))) {
    Change change;
    change.connection = row.text("o_connection_id");
    change.is_task = row.view("o_kind") == "task";
    change.key = row.integer("o_key");
    change.number = row.integer("o_number");
    change.is_restored = row.boolean("o_is_restored");
    change.is_gone = row.boolean("o_is_gone");
    change.at = row.maybe_time("o_at");
    change.said = row.text("o_row");
    change.base_digest = row.text("o_base_digest");
    change.link = row.text("o_link");
    change.is_same_otherwise =
        !row.is_null("o_is_same_otherwise") && row.boolean("o_is_same_otherwise");
    changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<std::string> repositories_with_comment_gaps(pg::Connection& connection, int limit) {
  std::vector<std::string> names;
  for (const auto row : connection.query(select_comment_gaps, pg::Params(limit)))
    names.push_back(row.text("full_name"));
  return names;
}

Reason load_reason(pg::Connection& connection, const base::OperationId& operation) {
  const auto rows = connection.maybe(select_reason, pg::Params(operation.text()));
  if (!rows)
    throw base::Error(base::ErrorKind::not_found,
                      "unable to sync: operation " + operation.text() + " is about no record");
  const auto row = (*rows)[0];
  Reason reason;
  reason.link = row.text("link_id");
  reason.is_task = row.view("kind") == task_kind;
  reason.connection = row.text("connection_id");
  reason.repository_id = row.integer("repository_id");
  reason.target = row.text("target");
  reason.delivery = row.maybe_text("delivery_guid");
  reason.action = row.text("action");
  reason.direction =
      row.view("direction") == "outbound" ? queue::Direction::outbound : queue::Direction::inbound;
  return reason;
}

std::map<std::string, std::string> targets_of(pg::Connection& connection,
                                              const std::vector<std::string>& operations) {
  std::map<std::string, std::string> targets;
  for (const auto row : connection.query(select_targets, pg::Params(operations)))
    targets.emplace(row.text("operation_id"), row.text("target"));
  return targets;
}

void note_outcome(pg::Connection& connection, const base::OperationId& operation,
                  std::string_view outcome, const std::optional<base::TimePoint>& github_at) {
  connection.execute(
      update_outcome,
      pg::Params(operation.text(), outcome,
                 github_at ? std::optional(base::format_rfc3339(*github_at)) : std::nullopt));
}

}  // namespace devy::sync
