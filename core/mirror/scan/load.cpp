#include "core/mirror/scan/load.hpp"

#include "core/mirror/scan/handler.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::scan {
namespace {

mirror::NewOperation fetch_of(const Target& target, const LoadOptions& options) {
  mirror::NewOperation operation;
  operation.kind = mirror::fetch_kind;
  operation.key = target.text();
  operation.owner = queue_owner(target.repository);
  operation.target = target.text();
  operation.source = options.request.source;
  operation.priority = options.request.priority;
  operation.requested_by = options.request.requested_by;
  operation.reason = options.request.reason;
  return operation;
}

}  // namespace

void require_mirror(const config::Config& config) {
  if (config.mirror.enabled) return;
  throw base::Error(base::ErrorKind::config, "unable to use the mirror: it is switched off",
                    "Set mirror.enabled to true in the configuration of this program and of the "
                    "daemon.",
                    "mirror_off");
}

std::vector<std::string> children_of_repository(const config::Config& config) {
  std::vector<std::string> children{"labels", "milestones", "issues", "pulls", "hooks"};
  if (config.mirror.comments) children.emplace_back("comments");
  if (config.mirror.files) children.emplace_back("files");
  return children;
}

mirror::Recorded record_load(pg::Connection& connection, const config::Config& config,
                             const Target& target, const LoadOptions& options) {
  require_mirror(config);
  const auto known =
      target.is_user() ? std::nullopt : mirror::find_repository(connection, target.repository);
  if (!known && !target.list.empty())
    throw base::Error(base::ErrorKind::not_found,
                      "unable to load " + base::in_quotes(target.text()) +
                          ": the mirror does not know the repository",
                      "Add it first: `devy-upload mirror add " + target.repository + "`.",
                      "mirror_unknown");
  pg::Transaction transaction(connection);
  mirror::Recorded recorded;
  if (!target.list.empty() && target.key.empty()) {
    recorded =
        record_scan(connection, *known, *find_list(target.list), options.state, options.request);
  } else {
    auto operation = fetch_of(target, options);
    if (known) operation.repository_id = known->id;
    operation.is_adding = options.is_adding;
    if (options.has_children) operation.children = children_of_repository(config);
    recorded = mirror::record(connection, operation);
  }
  transaction.commit();
  queue::wake_workers(connection);
  return recorded;
}

}  // namespace devy::scan
