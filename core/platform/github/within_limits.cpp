#include "core/platform/github/within_limits.hpp"

#include "core/platform/base/log.hpp"
#include "core/platform/github/api_pause.hpp"
#include "core/platform/github/api_slot.hpp"
#include "core/platform/github/limit.hpp"

namespace devy::github {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* whole_api = "api";
constexpr std::chrono::milliseconds busy_delay{500};

// The result of an attempt that is given back for that long, with the error as its reason.
queue::AttemptResult give_back(const Error& error, std::chrono::milliseconds delay) {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.error_code = error.code();
  result.error_text = error.text();
  result.error_hint = error.hint();
  result.delay = delay;
  return result;
}

}  // namespace

std::string share_of(const Access& access, const Repository& repository) {
  if (!access.is_app()) return access.is_for(repository.name) ? "token" : "none";
  return repository.installation ? "installation/" + std::to_string(*repository.installation)
                                 : "app";
}

std::optional<queue::AttemptResult> within_limits(pg::Connection& connection, int concurrency,
                                                  const std::function<std::string()>& share,
                                                  const std::function<void()>& ask) {
  const auto pause = pause_left(connection, {whole_api, share()});
  if (pause.count() > 0)
    return give_back(Error(ErrorKind::busy, "unable to ask GitHub now: it is to be left alone",
                           "`devy-upload queue stats` says why.", "rate_limited"),
                     pause);
  const ApiSlot slot(connection, share(), concurrency);
  if (!slot.is_held())
    return give_back(Error(ErrorKind::busy, "unable to ask GitHub now: others are asking it",
                           "github.concurrency says how many may at once.", "github_busy"),
                     busy_delay);
  try {
    ask();
    end_pause(connection, whole_api);
    return std::nullopt;
  } catch (const LimitReached& limit) {
    pause_until(connection, share(), limit.not_before(), limit.text(), !limit.is_primary());
    return give_back(limit, pause_left(connection, {share()}));
  } catch (const Error& error) {
    // Errors of the database, and a requested stop, are left to the runner.
    if (error.kind() != ErrorKind::unavailable || error.code().starts_with("database")) throw;
    base::log::warning("GitHub not reached", {{"error", error.text()}});
    return give_back(error, pause_after_failure(connection, whole_api, error.text()));
  }
}

}  // namespace devy::github
