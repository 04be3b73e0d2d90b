#include "daemon/web/late_answers.hpp"

#include <iterator>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "daemon/web/api_answer.hpp"

namespace devy::daemon {

LateAnswers::LateAnswers(SessionPool& sessions)
    : sessions_(sessions), thread_([this](const std::stop_token& stop) { run(stop); }) {}

LateAnswers::~LateAnswers() {
  end_waits();
}

bool LateAnswers::add(Waiting waiting) {
  const std::lock_guard lock(mutex_);
  if (is_ending_ || waiting_ >= waiting_max) return false;
  ++waiting_;
  added_.push_back(std::move(waiting));
  changed_.notify_one();
  return true;
}

void LateAnswers::end_waits() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
}

void LateAnswers::run(const std::stop_token& stop) {
  std::vector<Waiting> all;
  while (true) {
    bool is_ending = false;
    {
      std::unique_lock lock(mutex_);
      if (all.empty()) changed_.wait(lock, stop, [&] { return is_ending_ || !added_.empty(); });
      else changed_.wait_for(lock, stop, look_interval, [&] { return is_ending_; });
      is_ending = is_ending_ || stop.stop_requested();
      std::ranges::move(added_, std::back_inserter(all));
      added_.clear();
    }
    look_at(all, is_ending);
    const std::lock_guard lock(mutex_);
    waiting_ = all.size() + added_.size();
    if (is_ending && added_.empty()) return;
  }
}

void LateAnswers::look_at(std::vector<Waiting>& all, bool is_ending) {
  std::erase_if(all, [&](Waiting& waiting) {
    const bool is_last = is_ending || waiting.until <= base::system_clock().monotonic_now();
    std::optional<http::Response> answer;
    try {
      sessions_.with(
          [&](pg::Connection& connection) { answer = waiting.look(connection, is_last); });
    } catch (const base::Error& error) {
      answer = error_answer(error, waiting.path);
    } catch (const std::exception& error) {
      base::log::error("request failed", {{"path", waiting.path}, {"error", error.what()}});
      answer = message_answer(500, "Something went wrong here.");
    }
    if (!answer) return false;
    waiting.respond(*std::move(answer));
    return true;
  });
}

}  // namespace devy::daemon
