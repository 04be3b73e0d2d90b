#include "core/platform/github/installation_tokens.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/app.hpp"
#include "core/platform/github/token_message.hpp"
#include "core/platform/process/child.hpp"

namespace devy::github {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr std::uint64_t child_memory_bytes_max = 256 * config::mebibyte;
constexpr std::uint64_t child_cpu_seconds_max = 30;
// Interval at which a stop is noticed.
constexpr milliseconds watch_interval{100};
// Two requests, each of which may take what Access allows for one: to connect, and to answer.
constexpr int patiences_max = 10;

// GitHub states that the App may not read the repository. A credential that is invalid itself is
// another case.
Error not_for_us(const std::string& repository, const Error& error) {
  if (error.kind() != ErrorKind::not_found && error.code() != "github_forbidden") return error;
  return {ErrorKind::not_found,
          "unable to get a token for " + base::in_quotes(repository) +
              ": the GitHub App is not installed on it, or was suspended",
          "Install the App on the repository at GitHub, with the permission to read contents.",
          "app_not_installed"};
}

}  // namespace

InstallationTokens::InstallationTokens(const config::Config& config, const base::Clock& clock)
    : clock_(clock) {
  // The child gets no setting about the database.
  config_.github = config.github;
  config_.git = config.git;
}

base::Secret InstallationTokens::known(std::int64_t github_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = tokens_.find(github_id);
  if (found == tokens_.end() || found->second.ends_at - token_margin <= clock_.now()) return {};
  return base::Secret(std::string(found->second.secret.reveal()));
}

base::Secret InstallationTokens::renewed(const std::string& repository, std::int64_t github_id,
                                         const std::stop_token& stop) {
  auto token = ask(repository, github_id, stop);
  base::log::debug("installation token fetched", {{"repository", repository}});
  base::Secret given{std::string(token.secret.reveal())};
  const std::scoped_lock lock(mutex_);
  if (tokens_.size() >= tokens_max) tokens_.clear();
  tokens_.insert_or_assign(github_id, std::move(token));
  return given;
}

InstallationTokens::Token InstallationTokens::ask(const std::string& repository,
                                                  std::int64_t github_id,
                                                  const std::stop_token& stop) const {
  auto child = process::Child::spawn("github_token", {.memory_bytes_max = child_memory_bytes_max,
                                                      .cpu_seconds_max = child_cpu_seconds_max});
  const auto silent = [&](const std::string& cause) {
    return Error(ErrorKind::unavailable,
                 "unable to get a token for " + base::in_quotes(repository) + ": " + cause,
                 "It is tried again by itself; see whether GitHub's API answers: `devy-upload "
                 "doctor`.",
                 "github_unavailable");
  };
  if (!child.send(to_frame(TokenOrder{config_, repository, github_id})))
    throw silent("the process that asks ended with " + child.wait());
  const auto until = base::system_clock().monotonic_now() + config_.github.timeout * patiences_max;
  std::string frame;
  for (;;) {
    if (stop.stop_requested())
      throw Error(ErrorKind::stopped, "unable to get a token: asked to stop");
    switch (child.receive(frame, token_frame_bytes_max, watch_interval)) {
      case process::ReadResult::timed_out:
        if (base::system_clock().monotonic_now() >= until) throw silent("GitHub does not answer");
        break;
      case process::ReadResult::end:
        throw silent("the process that asks ended with " + child.wait());
      case process::ReadResult::data: {
        auto answer = parse_token_answer(frame);
        if (const auto* error = std::get_if<Error>(&answer)) throw not_for_us(repository, *error);
        auto& given = std::get<GivenToken>(answer);
        return {std::move(given.secret), given.ends_at};
      }
    }
  }
}

}  // namespace devy::github
