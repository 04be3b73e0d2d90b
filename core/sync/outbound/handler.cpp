#include "core/sync/outbound/handler.hpp"

#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/github/within_limits.hpp"
#include "core/platform/queue/gate.hpp"
#include "core/sync/outbound/run.hpp"

namespace devy::outbound {
namespace {

using queue::AttemptResult;

void close_gate(pg::Connection& connection, const std::string& owner, base::TimePoint until,
                const std::string& reason) {
  queue::Gate gate;
  gate.owner = owner;
  gate.direction = queue::Direction::outbound;
  gate.not_before = until;
  gate.reason = reason;
  gate.is_serial = true;
  queue::set_gate(connection, gate);
}

AttemptResult give_back(std::chrono::milliseconds delay) {
  AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.delay = delay;
  result.error_code = "rate_limited";
  result.error_text = "unable to write to GitHub now: it would be more than we allow ourselves";
  result.error_hint = "It goes on by itself; section [sync] says how much is allowed.";
  return result;
}

}  // namespace

std::optional<AttemptResult> Handler::run(queue::Attempt& attempt, const sync::Reason& reason) {
  auto& connection = attempt.connection;
  const auto& config = context_.config;
  auto sending = sync::load_sending(connection, attempt.lease.operation);
  if (!sending) return AttemptResult{};  // its record was deleted with its project
  if (!access_) access_ = std::make_unique<github::Access>(config, context_.clock);
  github::Repository repository;
  repository.github_id = reason.repository_id;
  if (const auto known = mirror::find_repository(connection, reason.repository_id)) {
    repository.name = known->full_name;
    if (access_->is_app()) repository.installation = known->installation;
  }
  if (repository.name.empty())
    throw base::Error(base::ErrorKind::not_found,
                      "unable to write to GitHub: the repository's name is not known",
                      "Run 'devy-upload project sync'.", "repository_unknown");
  const auto owner = sending->owner;
  Run run({attempt, context_, observers_, *access_, repository, reason}, *std::move(sending));
  std::optional<AttemptResult> result;
  const auto ask = [&] {
    try {
      result = run.go();
    } catch (const Paced& paced) {
      run.note_calls();
      close_gate(connection, owner, context_.clock.now() + paced.wait, "write limit of ours");
      result = give_back(paced.wait);
    } catch (const github::LimitReached& limit) {
      run.note_calls();
      close_gate(connection, owner, limit.not_before(), "GitHub's rate limit");
      if (!limit.is_primary()) github::slow_down(connection, run.share());
      throw;
    } catch (const base::Error& error) {
      if (!error.code().starts_with("database") && error.code() != "lease_lost") run.note_calls();
      throw;
    }
  };
  const auto given_back = github::within_limits(
      connection, static_cast<int>(config.github.concurrency), [&] { return run.share(); }, ask);
  // The next write waits for its turn outside of any runner.
  if (run.has_written() && config.sync.write_gap.count() > 0)
    close_gate(connection, owner, context_.clock.now() + config.sync.write_gap, "one at a time");
  return given_back ? given_back : result;
}

}  // namespace devy::outbound
