#pragma once
// A kind of operation, as the system that owns it describes it to whoever runs it: a row of the
// table of systems (core/systems.hpp). Values; the functions in it may be called from any thread.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/platform/queue/progress.hpp"
#include "core/platform/queue/prune.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::queue {

// The means of a handler besides its attempts. Borrowed; they outlive the handler.
struct HandlerContext {
  const config::Config& config;
  const base::Clock& clock;
  base::Random& random;
  const OnProgress& on_progress;
};

// When a process that runs an operation of the kind is killed.
struct KindLimits {
  std::chrono::seconds stall{600};         // without any progress
  std::chrono::seconds wall_clock{3'600};  // for one attempt
};

struct Kind {
  std::string name;  // operation.kind
  std::string lane{work_lane};
  // Names this machine's part of a lane whose operations belong to machines: node `a` claims
  // `files:a`. Null: the lane is one.
  std::function<std::string(const config::Config&)> lane_place = nullptr;
  Direction direction = Direction::inbound;
  // Throws Error(config) when the configuration does not let the kind run.
  std::function<std::unique_ptr<Handler>(const HandlerContext&)> make_handler;
  std::function<KindLimits(const config::Config&)> limits;
  // False where the configuration leaves the kind off: nothing of it is claimed.
  std::function<bool(const config::Config&)> is_on = [](const config::Config&) { return true; };
  // Whether it fills the scratch space: none is claimed while that is exhausted.
  bool needs_scratch = false;
  // How `prune` counts its operations: {"uploads", "uploads"}.
  PruneName records{};
};

}  // namespace devy::queue
