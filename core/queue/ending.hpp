#pragma once
// What an exception that left a Handler means for its attempt. Internal to core/queue. Pure (Random
// aside); any thread.

#include <exception>
#include <optional>

#include "core/base/random.hpp"
#include "core/queue/finish.hpp"

namespace devy::queue {

struct Circumstances {
  bool is_cancel_requested = false;  // by a person
  bool is_worker_stopping = false;
  int attempt = 1;
};

// Nothing: the exception does not tell how the attempt ended (the lease is lost, or the answer to a
// COMMIT); the database does.
[[nodiscard]] std::optional<Ending> ending_of(const std::exception_ptr& failure,
                                              const Circumstances& circumstances,
                                              base::Random& random);

}  // namespace devy::queue
