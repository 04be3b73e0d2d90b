#include "core/mirror/hook/switch.hpp"

#include "core/mirror/hook/install.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::hook {

mirror::Recorded record_switch(pg::Connection& connection, const mirror::Repository& repository,
                               mirror::HookAct act, const mirror::Actor& actor,
                               const scan::Request& request) {
  mirror::NewOperation operation;
  operation.kind = mirror::hook_kind;
  operation.key = std::to_string(repository.id);
  operation.owner = scan::queue_owner(repository.full_name);
  operation.target = repository.full_name + "/hooks";
  operation.repository_id = repository.id;
  operation.source = request.source;
  operation.priority = request.priority;
  operation.requested_by = request.requested_by;
  operation.reason = request.reason;
  operation.actor = actor;
  operation.hook_act = act;
  return mirror::record(connection, operation);
}

std::optional<queue::AttemptResult> SwitchHandler::work(Work& work) {
  if (!work.task.hook_act || !work.task.actor)
    throw base::Error(base::ErrorKind::internal, "a switch of a webhook without act or user");
  scan::begin_step(work.attempt, config(), "ask");
  const bool is_install = *work.task.hook_act == mirror::HookAct::install;
  std::vector<std::int64_t> hooks;
  if (is_install)
    hooks = {install_as(work.connection(), config(), work.api, work.repository).hook_id};
  else hooks = uninstall_as(work.connection(), config(), work.api, work.repository).hook_ids;
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  if (is_install)
    mirror::set_mirrored(work.connection(), work.repository.github_id.value(), true, std::nullopt);
  mirror::note_hooks(work.connection(), work.attempt.lease.operation, hooks);
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  return std::nullopt;
}

queue::Kind switch_operation_kind(const mirror::RowObservers& observers) {
  return scan::github_kind<SwitchHandler>(
      mirror::hook_kind, {"mirror_hooks", "records of webhooks switched"}, observers);
}

}  // namespace devy::hook
