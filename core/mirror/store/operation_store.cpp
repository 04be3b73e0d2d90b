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
                     $14::boolean, $15::text, $16::text, $17::timestamptz, $18::bigint, $19::bytea,
                     $20::text))sql"};

constexpr pg::Statement update_children{"note_mirror_child", R"sql(
  update mirror_operation
  set child_ids = child_ids || $2::uuid
  where operation_id = $1::uuid and not child_ids @> array[$2::uuid])sql"};

constexpr pg::Statement select_task{"select_mirror_task", R"sql(
  select m.target, m.repository_id, coalesce(m.list, '') as list, coalesce(m.state, '') as state, m.scan_id, m.slot, m.children, m.is_adding, m.delivery_guid, m.since, o.source, o.priority, m.actor_id, m.hook_act
  from mirror_operation m
  join operation o on o.id = m.operation_id
  where m.operation_id = $1::uuid)sql"};

constexpr pg::Statement select_actor_token{"select_mirror_actor_token", R"sql(
  select actor_token from mirror_operation where operation_id = $1::uuid and actor_token is not null)sql",
                                           false, true};

constexpr pg::Statement update_hooks{"note_mirror_hooks", R"sql(
  update mirror_operation set hook_ids = $2::bigint[] where operation_id = $1::uuid)sql"};

constexpr pg::Statement select_hooks{"noted_mirror_hooks", R"sql(
  select unnest(hook_ids) as hook_id from mirror_operation where operation_id = $1::uuid)sql"};

constexpr pg::Statement select_targets{"select_mirror_targets", R"sql(
  select operation_id, target from mirror_operation where operation_id = any($1::uuid[]))sql"};

queue::Source source_of(std::string_view text) {
  for (const auto source : {queue::Source::webhook, queue::Source::api, queue::Source::operator_,
                            queue::Source::poll, queue::Source::reconcile, queue::Source::repair})
    if (queue::to_string(source) == text) return source;
  return queue::Source::reconcile;
}

std::string sealed_token_of(pg::Connection& connection, const base::OperationId& operation) {
  const auto rows = connection.maybe(select_actor_token, pg::Params(operation.text()));
  return rows ? std::string((*rows)[0].bytes("actor_token")) : std::string();
}

std::optional<pg::Bytes> token_of(const std::optional<Actor>& actor) {
  if (!actor || actor->sealed_token.empty()) return std::nullopt;
  return pg::Bytes{actor->sealed_token};
}

}  // namespace

std::string_view to_string(HookAct act) {
  return act == HookAct::install ? "install" : "uninstall";
}

Recorded record(pg::Connection& connection, const NewOperation& operation) {
  const auto rows = connection.one(
      call_record,
      pg::Params(
          base::system_random().uuid(), operation.kind, operation.key, operation.owner,
          operation.target, operation.repository_id, queue::to_string(operation.source),
          operation.priority, operation.scan, operation.slot, operation.list, operation.state,
          operation.children, operation.is_adding, base::unless_empty(operation.requested_by),
          base::unless_empty(operation.reason),
          operation.since ? std::optional(base::format_rfc3339(*operation.since)) : std::nullopt,
          operation.actor ? std::optional(operation.actor->github_id) : std::nullopt,
          token_of(operation.actor),
          operation.hook_act ? std::optional(std::string(to_string(*operation.hook_act)))
                             : std::nullopt));
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
  if (const auto id = row.maybe_integer("actor_id"))
    task.actor = Actor{*id, sealed_token_of(connection, operation)};
  if (const auto act = row.maybe_text("hook_act"))
    task.hook_act = *act == "install" ? HookAct::install : HookAct::uninstall;
  return task;
}

void note_hooks(pg::Connection& connection, const base::OperationId& operation,
                const std::vector<std::int64_t>& hooks) {
  std::vector<std::string> texts;
  for (const auto hook : hooks)
    texts.push_back(std::to_string(hook));
  connection.execute(update_hooks, pg::Params(operation.text(), texts));
}

std::vector<std::int64_t> noted_hooks(pg::Connection& connection,
                                      const base::OperationId& operation) {
  std::vector<std::int64_t> hooks;
  for (const auto row : connection.query(select_hooks, pg::Params(operation.text())))
    hooks.push_back(row.integer("hook_id"));
  return hooks;
}

std::map<std::string, std::string> targets(pg::Connection& connection,
                                           const std::vector<std::string>& operations) {
  std::map<std::string, std::string> found;
  for (const auto row : connection.query(select_targets, pg::Params(operations)))
    found.emplace(row.text("operation_id"), row.text("target"));
  return found;
}

}  // namespace devy::mirror
