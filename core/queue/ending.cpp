#include "core/queue/ending.hpp"

#include <algorithm>
#include <new>

#include "core/base/asked_to_wait.hpp"
#include "core/base/secret.hpp"
#include "core/queue/retry.hpp"

namespace devy::queue {
namespace {

using base::Error;
using base::ErrorKind;

// Of a server that does not say when it wants to be asked again.
constexpr std::chrono::milliseconds rate_limit_delay{60'000};
// Of one that says it: no longer than our own pauses grow (retry.cpp), whatever it says.
constexpr std::chrono::seconds asked_delay_max = std::chrono::hours(1);

Ending end_as(Outcome outcome, const Error& error) {
  Ending ending;
  ending.outcome = outcome;
  ending.error_code = error.code();
  ending.error_text = base::redact(error.text());
  ending.error_hint = error.hint();
  return ending;
}

// A stop that was asked for makes work fail in ways of its own; those are not its errors.
bool may_come_from_stopping(ErrorKind kind) {
  return kind == ErrorKind::stopped || kind == ErrorKind::unavailable || kind == ErrorKind::busy;
}

std::optional<Ending> judge(const Error& error, const Circumstances& circumstances,
                            base::Random& random) {
  if (error.code() == "lease_lost" || error.code() == "commit_unknown") return std::nullopt;
  if (error.code() == "superseded" || error.code() == "cancel_requested" ||
      circumstances.is_cancel_requested)
    return end_as(Outcome::cancelled, error);
  Ending ending;
  if (circumstances.is_worker_stopping && may_come_from_stopping(error.kind())) {
    ending.outcome = Outcome::interrupted;
    return ending;
  }
  if (error.code() == "rate_limited") {
    ending = end_as(Outcome::interrupted, error);
    ending.delay = rate_limit_delay;
    return ending;
  }
  if (!base::is_retryable(error.kind())) return end_as(Outcome::failed, error);
  ending = end_as(Outcome::retry, error);
  ending.delay = retry_delay(circumstances.attempt, random);
  return ending;
}

}  // namespace

std::optional<Ending> ending_of(const std::exception_ptr& failure,
                                const Circumstances& circumstances, base::Random& random) {
  try {
    std::rethrow_exception(failure);
  } catch (const base::AskedToWait& error) {
    auto ending = judge(error, circumstances, random);
    if (ending && ending->delay)
      ending->delay = std::clamp(error.wait(), std::chrono::seconds(1), asked_delay_max);
    return ending;
  } catch (const Error& error) {
    return judge(error, circumstances, random);
  } catch (const std::bad_alloc&) {
    return judge(Error(ErrorKind::internal, "unable to go on: out of memory",
                       "Raise limits.worker_memory_bytes_max, or look for what is so large.",
                       "out_of_memory"),
                 circumstances, random);
  } catch (const std::exception& error) {
    return judge(Error(ErrorKind::internal, std::string("unable to go on: ") + error.what()),
                 circumstances, random);
  }
}

}  // namespace devy::queue
