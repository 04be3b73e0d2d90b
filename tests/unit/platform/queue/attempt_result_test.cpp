#include "core/platform/queue/attempt_result.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "core/platform/base/asked_to_wait.hpp"

namespace devy::queue {
namespace attempt_result_test {

using base::Error;
using base::ErrorKind;

template <class Failure>
std::optional<AttemptResult> ending_after(const Failure& failure,
                                          Circumstances circumstances = {}) {
  return attempt_result_of(std::make_exception_ptr(failure), circumstances, base::system_random());
}

TEST(AttemptResult, RetriesWhatMayPass) {
  const auto ending = ending_after(Error(ErrorKind::unavailable, "away", "Wait.", "fetch_stalled"));
  EXPECT_EQ(ending->outcome, Outcome::retry);
  EXPECT_EQ(ending->error_code, "fetch_stalled");
  EXPECT_EQ(ending->error_text, "away");
  EXPECT_EQ(ending->error_hint, "Wait.");
  EXPECT_GE(ending->delay, std::chrono::milliseconds(4'000));
}

TEST(AttemptResult, FailsWhatNoRetryChanges) {
  EXPECT_EQ(ending_after(Error(ErrorKind::rejected, "too large"))->outcome, Outcome::failed);
  EXPECT_EQ(ending_after(Error(ErrorKind::not_found, "no branch"))->outcome, Outcome::failed);
}

TEST(AttemptResult, CancelsWhatAPersonOrANewerOperationStops) {
  EXPECT_EQ(ending_after(Error(ErrorKind::stopped, "", "", "superseded"))->outcome,
            Outcome::cancelled);
  EXPECT_EQ(ending_after(Error(ErrorKind::stopped, "", "", "cancel_requested"))->outcome,
            Outcome::cancelled);
  // The stop broke the fetch before the Handler asked why.
  EXPECT_EQ(
      ending_after(Error(ErrorKind::unavailable, "cut"), {.is_cancel_requested = true})->outcome,
      Outcome::cancelled);
}

TEST(AttemptResult, CountsNoAttemptWhenTheWorkerStops) {
  const Circumstances stopping{.is_worker_stopping = true};
  EXPECT_EQ(ending_after(Error(ErrorKind::stopped, "stops"), stopping)->outcome,
            Outcome::interrupted);
  EXPECT_EQ(ending_after(Error(ErrorKind::unavailable, "cut"), stopping)->outcome,
            Outcome::interrupted);
  EXPECT_EQ(ending_after(Error(ErrorKind::rejected, "bad"), stopping)->outcome, Outcome::failed);
}

TEST(AttemptResult, WaitsOutARateLimit) {
  const auto ending = ending_after(Error(ErrorKind::busy, "slow down", "", "rate_limited"));
  EXPECT_EQ(ending->outcome, Outcome::interrupted);
  EXPECT_GE(ending->delay, std::chrono::seconds(30));
}

TEST(AttemptResult, WaitsAsLongAsAServerAsksForButNotForever) {
  const auto after = [](std::chrono::seconds wait, const char* code) {
    return ending_after(
        base::AskedToWait(Error(ErrorKind::unavailable, "not now", "", code), wait));
  };
  EXPECT_EQ(after(std::chrono::seconds(90), "rate_limited")->delay, std::chrono::seconds(90));
  EXPECT_EQ(after(std::chrono::seconds(90), "rate_limited")->outcome, Outcome::interrupted);
  EXPECT_EQ(after(std::chrono::seconds(90), "remote_unavailable")->outcome, Outcome::retry);
  EXPECT_EQ(after(std::chrono::seconds(90), "remote_unavailable")->delay, std::chrono::seconds(90));
  EXPECT_EQ(after(std::chrono::hours(48), "rate_limited")->delay, std::chrono::hours(1));
  EXPECT_EQ(after(std::chrono::seconds(0), "rate_limited")->delay, std::chrono::seconds(1));
}

TEST(AttemptResult, LeavesToTheDatabaseWhatOnlyItKnows) {
  EXPECT_EQ(ending_after(Error(ErrorKind::conflict, "", "", "lease_lost")), std::nullopt);
  EXPECT_EQ(ending_after(Error(ErrorKind::unavailable, "", "", "commit_unknown")), std::nullopt);
}

TEST(AttemptResult, RetriesAfterRunningOutOfMemory) {
  const auto ending = ending_after(std::bad_alloc());
  EXPECT_EQ(ending->outcome, Outcome::retry);
  EXPECT_EQ(ending->error_code, "out_of_memory");
}

TEST(AttemptResult, RetriesAfterABug) {
  const auto ending = ending_after(std::logic_error("vector::at"));
  EXPECT_EQ(ending->outcome, Outcome::retry);
  EXPECT_EQ(ending->error_code, "internal");
  EXPECT_EQ(ending->error_text, "unable to go on: vector::at");
}

}  // namespace attempt_result_test
}  // namespace devy::queue
