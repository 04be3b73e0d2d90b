#include "core/publishing/store/hook_store.hpp"

#include "core/platform/base/random.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement call_hook_record{"blog_hook_record", R"sql(
  select o_id from blog_hook_record(
    p_id => $1::uuid,
    p_blog_id => $2::uuid,
    p_act => $3::text,
    p_session_id => $4::uuid,
    p_source => $5::text,
    p_max_attempts => $6::integer,
    p_requested_by => $7::text))sql"};

constexpr pg::Statement select_hook_task{"select_hook_task", R"sql(
  select h.blog_id, h.act, h.session_id, r.id as repository_id, r.github_id, r.installation, r.url,
         exists (select from blog c where c.repository_id = r.id and c.is_connected) as is_connected
  from blog_hook h join blog b on b.id = h.blog_id join repository r on r.id = b.repository_id
  where h.operation_id = $1::uuid)sql"};

constexpr pg::Statement update_hook_delivery{"update_hook_delivery", R"sql(
  update blog_hook set delivery = $2::text where operation_id = $1::uuid)sql"};

constexpr pg::Statement select_last_hook{"select_last_hook", R"sql(
  select o.id, h.act, o.state, h.delivery, o.error_text, o.error_hint,
         coalesce(o.finished_at, o.created_at) as at
  from blog_hook h join operation o on o.id = h.operation_id
  where h.blog_id = $1::uuid
  order by o.arrival desc limit 1)sql"};

HookAct act_named(std::string_view name) {
  return name == "install" ? HookAct::install : HookAct::remove;
}

}  // namespace

std::string_view to_string(HookAct act) {
  switch (act) {
    case HookAct::install: return "install";
    case HookAct::remove: return "remove";
  }
  return "";
}

std::string_view to_string(HookDelivery delivery) {
  switch (delivery) {
    case HookDelivery::hook: return "hook";
    case HookDelivery::app: return "app";
    case HookDelivery::kept: return "kept";
  }
  return "";
}

void record_hook(pg::Connection& connection, const Blog& blog, const HookRequest& request) {
  static_cast<void>(connection.one(
      call_hook_record,
      pg::Params(base::system_random().uuid(), blog.id.text(), to_string(request.act),
                 request.session.text(), queue::to_string(request.source), request.max_attempts,
                 request.requested_by)));
}

HookTask load_hook_task(pg::Connection& connection, const base::OperationId& id) {
  const auto rows = connection.one(select_hook_task, pg::Params(id.text()));
  const auto row = rows[0];
  HookTask task;
  task.blog = base::BlogId::trusted(row.text("blog_id"));
  task.act = act_named(row.view("act"));
  if (const auto session = row.maybe_text("session_id"))
    task.session = web::SessionId::trusted(*session);
  task.repository = base::RepositoryId::trusted(row.text("repository_id"));
  task.github_id = row.maybe_integer("github_id");
  task.installation = row.maybe_integer("installation");
  task.url = row.text("url");
  task.is_connected = row.boolean("is_connected");
  return task;
}

void note_hook_delivery(pg::Connection& connection, const base::OperationId& id,
                        HookDelivery delivery) {
  connection.execute(update_hook_delivery, pg::Params(id.text(), to_string(delivery)));
}

std::optional<LastHook> last_hook(pg::Connection& connection, const base::BlogId& blog) {
  const auto found = connection.maybe(select_last_hook, pg::Params(blog.text()));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  LastHook hook;
  hook.operation = base::OperationId::trusted(row.text("id"));
  hook.act = act_named(row.view("act"));
  hook.state = row.text("state");
  hook.delivery = row.maybe_text("delivery");
  hook.error_text = row.maybe_text("error_text");
  hook.error_hint = row.maybe_text("error_hint");
  hook.at = row.time("at");
  return hook;
}

}  // namespace devy::publishing
