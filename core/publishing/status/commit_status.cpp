#include "core/publishing/status/commit_status.hpp"

#include "core/platform/base/log.hpp"
#include "core/platform/config/token_scope.hpp"
#include "core/platform/github/repositories.hpp"
#include "core/platform/github/within_limits.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/publishing/blog/address.hpp"
#include "core/publishing/status/status_text.hpp"
#include "core/publishing/store/repository_standing.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::status {
namespace {

using base::Error;
using base::ErrorKind;
using queue::AttemptResult;

// Limit for the statuses of one operation; a sweep enqueues the rest a minute later.
constexpr int statuses_max = 500;
bool is_for_good(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::denied: return error.code() != "tls_verify";
    case ErrorKind::not_found:
    case ErrorKind::rejected:
    case ErrorKind::conflict: return true;
    default: return false;
  }
}

std::string target_url(const config::Config& config, const std::string& address) {
  // The default is not a real address.
  if (config.site.url == config::Site{}.url) return {};
  const auto slash = address.find('/');
  return config.site.url + blog::blog_url({address.substr(0, slash), address.substr(slash + 1)});
}

}  // namespace

bool tells_github(const config::Config& config, const std::string& repository_url) {
  if (!config.github.statuses || !config.github.has_credentials()) return false;
  const auto name = github::repository_name(config.github, repository_url);
  return name &&
         (config.github.has_app() || config::is_in_token_scope(config.github.token_for, *name));
}

struct StatusHandler::Work {
  publishing::StatusRepository stored;
  github::Repository repository;
};

StatusHandler::StatusHandler(const config::Config& config, const base::Clock& clock,
                             std::unique_ptr<github::Access> access)
    : config_(config),
      access_(access ? std::move(access) : std::make_unique<github::Access>(config, clock)) {}

std::optional<AttemptResult> StatusHandler::run(queue::Attempt& attempt) {
  auto& connection = attempt.connection;
  Work work{publishing::status_repository(connection, attempt.lease.resource), {}};
  const base::log::Scope scope({{"repository", work.stored.url}});
  const auto name = github::repository_name(config_.github, work.stored.url);
  if (!name) return AttemptResult{};  // it has moved to another server meanwhile
  work.repository = {*name, access_->is_app() ? work.stored.installation : std::nullopt,
                     work.stored.github_id};
  const auto given_back = github::within_limits(
      connection, static_cast<int>(config_.github.concurrency),
      [&] { return github::share_of(*access_, work.repository); },
      [&] { send_all(attempt, work); });
  return given_back ? given_back : AttemptResult{};
}

void StatusHandler::send_all(queue::Attempt& attempt, Work& work) {
  if (queue::begin_step(attempt.connection, attempt.lease,
                        {"send", true, config_.queue.lease_ttl}) != queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
  for (const auto& wanted :
       publishing::wanted_statuses(attempt.connection, work.stored.id, statuses_max)) {
    attempt.check();
    send(attempt.connection, work, wanted);
  }
}

void StatusHandler::send(pg::Connection& connection, Work& work,
                         const publishing::WantedStatus& wanted) {
  const auto upload = publishing::load_upload(connection, wanted.upload);
  std::optional<snapshot::FileError> first;
  if (upload.changes && upload.changes->file_errors > 0)
    if (const auto errors = publishing::list_file_errors(connection, upload.blog_id);
        !errors.empty())
      first = errors.front();
  const auto status = status_of(upload, first, target_url(config_, upload.blog));
  const std::string state(github::to_string(status.state));
  try {
    const bool is_unknown = access_->is_app() && !work.repository.installation;
    static_cast<void>(access_->bearer_for(work.repository));
    if (is_unknown)
      publishing::save_installation(connection, work.stored.id, *work.repository.installation);
    if (try_to_send(work, {work.repository.name, wanted.commit, status}))
      follow_rename(connection, work);
    publishing::note_sent(connection, work.stored.id, wanted, {state, std::nullopt});
    base::log::info(
        "commit status sent",
        {{"operation", wanted.upload.text()}, {"commit", wanted.commit}, {"state", state}});
  } catch (const Error& error) {
    if (!is_for_good(error)) throw;
    base::log::warning("commit status refused", {{"operation", wanted.upload.text()},
                                                 {"commit", wanted.commit},
                                                 {"code", error.code()},
                                                 {"error", error.text()}});
    publishing::note_sent(connection, work.stored.id, wanted, {state, error.text()});
  }
}

bool StatusHandler::try_to_send(const Work& work, const github::StatusCall& call) {
  auto repository = work.repository;
  try {
    return github::set_status(access_->client(), access_->bearer_for(repository), call);
  } catch (const Error& error) {
    // An installation's token may have been revoked early; a new one is requested once.
    if (error.code() != "github_unauthorized" || !access_->is_app()) throw;
  }
  access_->forget(repository);
  return github::set_status(access_->client(), access_->bearer_for(repository), call);
}

// The old name still works, but may be given to another repository one day.
void StatusHandler::follow_rename(pg::Connection& connection, const Work& work) {
  auto repository = work.repository;
  const auto facts =
      github::ask_repository(access_->client(), &access_->bearer_for(repository), repository.name);
  // Another repository has the name by now.
  if (facts.github_id != work.stored.github_id) return;
  base::log::info("repository renamed", {{"from", repository.name}, {"to", facts.full_name()}});
  publishing::save_answer(connection, work.stored.id,
                          {.url = {},
                           .owner = facts.owner,
                           .name = facts.name,
                           .default_branch = facts.default_branch,
                           .is_private = facts.is_private,
                           .installation = {},
                           .updated_at = facts.updated_at});
}

queue::Kind operation_kind() {
  queue::Kind kind;
  kind.name = publishing::status_kind;
  kind.lane = queue::github_lane;
  kind.direction = queue::Direction::outbound;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<StatusHandler>(context.config, context.clock);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) {
    return config.github.statuses && config.github.has_credentials();
  };
  kind.records = {"statuses", "records of statuses sent"};
  return kind;
}

}  // namespace devy::status
