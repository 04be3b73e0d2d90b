#include "core/mirror/verify/verify.hpp"

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/within_limits.hpp"

namespace devy::verify {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_not_now(const std::string& repository, const std::string& cause,
                                base::Duration wait) {
  throw Error(
      ErrorKind::busy, "unable to verify '" + repository + "': " + cause,
      "Try again in " + base::format_duration(wait) + ", or compare fewer rows with --sample.",
      "rate_limited");
}

}  // namespace

Verifier::Verifier(pg::Connection& connection, const config::Config& config,
                   const base::Clock& clock)
    : connection_(connection), config_(config), clock_(clock), access_(config, clock) {}

Verification Verifier::verify(const mirror::Repository& repository, std::optional<int> sample,
                              const Watch& watch) {
  return ask(repository, watch, [&](Comparison& comparison) {
    return sample ? comparison.of_sample(*sample) : comparison.of_lists();
  });
}

Verification Verifier::verify_again(const mirror::Repository& repository,
                                    const Verification& earlier, const Watch& watch) {
  return ask(repository, watch,
             [&](Comparison& comparison) { return comparison.of_drift(earlier); });
}

Verification Verifier::ask(const mirror::Repository& repository, const Watch& watch,
                           const std::function<Verification(Comparison&)>& compare) {
  github::Repository asked{repository.full_name, std::nullopt, repository.id};
  if (access_.is_app()) asked.installation = repository.installation;
  scan::Api api(config_, access_, asked);
  api.set_rereading();
  Comparison comparison({connection_, api, asked, clock_}, watch);
  Verification found;
  try {
    const auto given_back = github::within_limits(
        connection_, static_cast<int>(config_.github.concurrency), [&] { return api.share(); },
        [&] { found = compare(comparison); });
    if (given_back)
      throw_not_now(repository.full_name, given_back->error_text,
                    given_back->delay.value_or(std::chrono::milliseconds(0)));
  } catch (const base::AskedToWait& busy) {
    throw_not_now(repository.full_name, busy.text(), busy.wait());
  }
  return found;
}

}  // namespace devy::verify
