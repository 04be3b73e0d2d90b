#include "core/mirror/store/operation_store.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement call_record{"mirror_record", R"sql(
  select o_id, o_is_joined
  from mirror_record($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::bigint, $7::text,
                     $8::smallint, $9::uuid, $10::integer, $11::text, $12::text, $13::text[],
                     $14::boolean, $15::text, $16::text, $17::timestamptz))sql"};

constexpr pg::Statement update_children{"note_mirror_child", R"sql(
  update mirror_operation
  set child_ids = child_ids || $2::uuid
  where operation_id = $1::uuid and not child_ids @> array[$2::uuid])sql"};

constexpr pg::Statement select_task{"select_mirror_task", R"sql(
  select m.target, m.repository_id, coalesce(m.list, '') as list, coalesce(m.state, '') as state, m.scan_id, m.slot, m.children, m.is_adding, m.delivery_guid, m.since, o.source, o.priority
  from mirror_operation m
  join operation o on o.id = m.operation_id
  where m.operation_id = $1::uuid)sql"};

constexpr pg::Statement select_targets{"select_mirror_targets", R"sql(
  select operation_id, target from mirror_operation where operation_id = any($1::uuid[]))sql"};

queue::Source source_of(std::string_view text) {
  for (const auto source : {queue::Source::webhook, queue::Source::api, queue::Source::operator_,
                            queue::Source::poll, queue::Source::reconcile, queue::Source::repair})
    if (queue::to_string(source) == text) return source;
  return queue::Source::reconcile;
}

}  // namespace

Recorded record(pg::Connection& connection, const NewOperation& operation) {
  const auto rows = connection.one(
      call_record,
      pg::Params(
          base::system_random().uuid(), operation.kind, operation.key, operation.owner,
          operation.target, operation.repository_id, queue::to_string(operation.source),
          operation.priority, operation.scan, operation.slot, operation.list, operation.state,
          operation.children, operation.is_adding, base::unless_empty(operation.requested_by),
          base::unless_empty(operation.reason),
          operation.since ? std::optional(base::format_rfc3339(*operation.since)) : std::nullopt));
  return {base::OperationId::trusted(rows[0].text("o_id")), rows[0].boolean("o_is_joined")};
}

void note_child(pg::Connection& connection, const base::OperationId& operation,
                const base::OperationId& child) {
  connection.execute(update_children, pg::Params(operation.text(), child.text()));
}

Task load_task(pg::Connection& connection, const base::OperationId& operation) {
  const auto rows = connection.one(select_task, pg::Params(operation.text()));
  const auto row = rows[0];
  Task task;
  task.target = row.text("target");
  task.repository_id = row.maybe_integer("repository_id");
  task.list = row.text("list");
  task.state = row.text("state");
  task.scan = row.maybe_text("scan_id");
  if (const auto slot = row.maybe_integer("slot")) task.slot = static_cast<int>(*slot);
  task.since = row.maybe_time("since");
  task.delivery = row.maybe_text("delivery_guid");
  task.children = row.texts("children");
  task.is_adding = row.boolean("is_adding");
  task.source = source_of(row.view("source"));
  task.priority = static_cast<int>(row.integer("priority"));
  return task;
}

std::map<std::string, std::string> targets(pg::Connection& connection,
                                           const std::vector<std::string>& operations) {
  std::map<std::string, std::string> found;
  for (const auto row : connection.query(select_targets, pg::Params(operations)))
    found.emplace(row.text("operation_id"), row.text("target"));
  return found;
}

}  // namespace devy::mirror
