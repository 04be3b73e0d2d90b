#pragma once
// Maps an exception that left a Handler to the result of its attempt. Internal to core/queue. Pure
// (except for the Random it is given); any thread.

#include <exception>
#include <optional>

#include "core/platform/base/random.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::queue {

struct Circumstances {
  bool is_cancel_requested = false;  // a person asked for it
  bool is_worker_stopping = false;
  int attempt = 1;
};

// Returns nothing when the exception does not tell how the attempt ended, because the lease or the
// reply to a COMMIT was lost; only the database knows then.
[[nodiscard]] std::optional<AttemptResult> attempt_result_of(const std::exception_ptr& failure,
                                                             const Circumstances& circumstances,
                                                             base::Random& random);

}  // namespace devy::queue
