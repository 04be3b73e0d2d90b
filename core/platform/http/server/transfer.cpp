#include "core/platform/http/server/transfer.hpp"

#include <utility>

#include "core/platform/http/server/connection.hpp"
#include "core/platform/http/server/routes.hpp"

namespace devy::server {

Transfer::Transfer(Pool& pool, std::shared_ptr<BodySink> sink, std::string path, Tell tell)
    : pool_(pool), sink_(std::move(sink)), path_(std::move(path)), tell_(std::move(tell)) {}

void Transfer::take(std::string slice) {
  // std::function copies what it holds, and a slice is large.
  auto shared = std::make_shared<std::string>(std::move(slice));
  post([this, shared] { give(std::move(*shared), true); });
}

void Transfer::finish() {
  post([this] {
    if (is_over_) return;
    auto answer = guarded(path_, [&] { return std::optional(sink_->finish()); });
    end(*std::move(answer));
  });
}

void Transfer::break_off(std::string rest, std::string reason) {
  auto shared = std::make_shared<std::string>(std::move(rest));
  post([this, shared, reason = std::move(reason)] {
    if (!shared->empty()) give(std::move(*shared), false);
    if (is_over_) return;
    sink_->broken(reason);
    end(refusal_response({503, "the server ends"}));
  });
}

void Transfer::give(std::string slice, bool is_told) {
  if (is_over_) return;
  auto answer = guarded(path_, [&] { return sink_->take(slice); });
  if (answer) {
    end(*std::move(answer));
    return;
  }
  slice.clear();
  if (is_told) tell_({std::move(slice), std::nullopt});
}

void Transfer::end(http::Response answer) {
  is_over_ = true;
  tell_({{}, std::move(answer)});
}

void Transfer::post(Job job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  if (std::exchange(is_running_, true)) return;
  pool_.submit([self = shared_from_this()] { self->run_next(); });
}

void Transfer::run_next() {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    job = std::move(jobs_.front());
    jobs_.pop_front();
  }
  job();
  const std::lock_guard lock(mutex_);
  is_running_ = !jobs_.empty();
  if (is_running_) pool_.submit([self = shared_from_this()] { self->run_next(); });
}

}  // namespace devy::server
