#pragma once
// GitHub, pushing all the time: signed deliveries of pushes to some repositories, one after the
// other, from a thread of its own, and what became of each. The payloads' commits are made up: a
// payload is only a hint.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/github/webhook_payload.hpp"

namespace devy::testing {

struct SentPush {
  std::string guid;
  int status = 0;  // of the answer; 0: none
  std::chrono::steady_clock::time_point sent_at, answered_at;

  [[nodiscard]] bool is_acknowledged() const { return status >= 200 && status < 300; }
};

inline constexpr const char* push_secret = "the secret that deliveries are signed with";

// One delivery of a push, the `number`-th: its GUID, commit and time follow from that.
[[nodiscard]] SentPush send_push(const std::string& address, const PayloadRepository& repository,
                                 int number);

class PushSender {
 public:
  // To the listener there, in turns for the repositories, until stopped.
  PushSender(std::string address, std::vector<PayloadRepository> repositories);
  PushSender(const PushSender&) = delete;
  PushSender& operator=(const PushSender&) = delete;
  ~PushSender() { stop(); }

  // Until so many more have been acknowledged, or refused. Throws when that takes too long.
  void wait_for_acknowledged(int more) { wait_for(true, more); }
  void wait_for_refused(int more) { wait_for(false, more); }
  void stop();
  [[nodiscard]] std::vector<SentPush> sent() const;

 private:
  void send_all(const std::stop_token& stop);
  void wait_for(bool is_acknowledged, int more);
  [[nodiscard]] int count(bool is_acknowledged) const;

  const std::string address_;
  const std::vector<PayloadRepository> repositories_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SentPush> sent_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace devy::testing
