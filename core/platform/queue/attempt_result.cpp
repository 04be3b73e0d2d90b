#include "core/platform/queue/attempt_result.hpp"

#include <algorithm>
#include <new>

#include "core/platform/base/asked_to_wait.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/queue/retry.hpp"

namespace devy::queue {
namespace {

using base::Error;
using base::ErrorKind;

// The delay for a server that does not say when it wants to be asked again.
constexpr std::chrono::milliseconds rate_limit_delay{60'000};
// The limit for a delay that a server states; it equals the longest of our own delays (retry.cpp).
constexpr std::chrono::seconds asked_delay_max = std::chrono::hours(1);

AttemptResult end_as(Outcome outcome, const Error& error) {
  AttemptResult result;
  result.outcome = outcome;
  result.error_code = error.code();
  result.error_text = base::redact(error.text());
  result.error_hint = error.hint();
  return result;
}

// A requested stop makes work fail in ways of its own; such failures are not errors of the
// operation.
bool may_come_from_stopping(ErrorKind kind) {
  return kind == ErrorKind::stopped || base::is_passing(kind);
}

std::optional<AttemptResult> classify(const Error& error, const Circumstances& circumstances,
                                      base::Random& random) {
  if (error.code() == "lease_lost" || error.code() == "commit_unknown") return std::nullopt;
  if (error.code() == "superseded" || error.code() == "cancel_requested" ||
      circumstances.is_cancel_requested)
    return end_as(Outcome::cancelled, error);
  AttemptResult result;
  if (circumstances.is_worker_stopping && may_come_from_stopping(error.kind())) {
    result.outcome = Outcome::interrupted;
    return result;
  }
  if (error.code() == "rate_limited") {
    result = end_as(Outcome::interrupted, error);
    result.delay = rate_limit_delay;
    return result;
  }
  if (!base::is_retryable(error.kind())) return end_as(Outcome::failed, error);
  result = end_as(Outcome::retry, error);
  result.delay = retry_delay(circumstances.attempt, random);
  return result;
}

}  // namespace

std::optional<AttemptResult> attempt_result_of(const std::exception_ptr& failure,
                                               const Circumstances& circumstances,
                                               base::Random& random) {
  try {
    std::rethrow_exception(failure);
  } catch (const base::AskedToWait& error) {
    auto result = classify(error, circumstances, random);
    if (result && result->delay)
      result->delay = std::clamp(error.wait(), std::chrono::seconds(1), asked_delay_max);
    return result;
  } catch (const Error& error) {
    return classify(error, circumstances, random);
  } catch (const std::bad_alloc&) {
    return classify(Error(ErrorKind::internal, "unable to go on: out of memory",
                          "Raise limits.worker_memory_bytes_max, or look for what is so large.",
                          "out_of_memory"),
                    circumstances, random);
  } catch (const std::exception& error) {
    return classify(Error(ErrorKind::internal, std::string("unable to go on: ") + error.what()),
                    circumstances, random);
  }
}

}  // namespace devy::queue
