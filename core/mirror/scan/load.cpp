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
  if (options.actor) {
    operation.key = "user/" + std::to_string(options.actor->github_id) + "/repos";
    operation.actor = options.actor;
  }
  return operation;
}

using Children = std::vector<std::string>;

// The lists that are read with it. What belongs to a list is read with the repository itself.
Children children_of(const config::Config& config, const Target& target) {
  if (target.list.empty()) return children_of_repository(config);
  if (!target.key.empty()) return {};
  if (target.list == "pulls" && config.mirror.files) return {"pulls", "files"};
  if (target.list == "issues" && config.mirror.comments) return {"issues", "comments"};
  return {};
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
  pg::Transaction transaction(connection);
  const auto recorded = record_load_within(connection, config, target, options);
  transaction.commit();
  queue::wake_workers(connection);
  return recorded;
}

mirror::Recorded record_load_within(pg::Connection& connection, const config::Config& config,
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
  const auto children = options.has_children ? children_of(config, target) : Children();
  if (!target.list.empty() && target.key.empty() && children.empty())
    return record_scan(connection, *known, *find_list(target.list), options.state, options.request);
  const Target fetched = children.empty() ? target : Target{target.repository, {}, {}};
  auto operation = fetch_of(fetched, options);
  if (known) operation.repository_id = known->id;
  operation.is_adding = options.is_adding;
  operation.children = children;
  return mirror::record(connection, operation);
}

}  // namespace devy::scan
