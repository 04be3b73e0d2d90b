#include "tests/support/github/push_sender.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds sender_patience{60};
constexpr int pause_ms = 10;  // the load, not a wait for anything

std::string made_up_commit(int number) {
  std::array<char, 41> text{};
  std::snprintf(text.data(), text.size(), "%040x", static_cast<unsigned>(number));
  return text.data();
}

}  // namespace

SentPush send_push(const std::string& address, const PayloadRepository& repository, int number) {
  PushPayload push;
  push.repository = repository;
  push.after = made_up_commit(number);
  push.pushed_at += number;
  const auto body = push_payload(push);
  SentPush sent{guid(number), 0, steady_clock::now(), {}};
  try {
    sent.status =
        send_request(
            address, "POST", "/v1/webhooks",
            {{"X-GitHub-Event", "push"},
             {"X-GitHub-Delivery", sent.guid},
             {"X-Hub-Signature-256", webhook::sign(body, base::Secret(std::string(push_secret)))},
             {"Content-Type", "application/json"},
             {"Connection", "close"}},
            body)
            .status;
  } catch (const std::runtime_error&) {
    sent.status = 0;  // as GitHub notes it: no answer
  }
  sent.answered_at = steady_clock::now();
  return sent;
}

PushSender::PushSender(std::string address, std::vector<PayloadRepository> repositories)
    : address_(std::move(address)),
      repositories_(std::move(repositories)),
      thread_([this](const std::stop_token& stop) { send_all(stop); }) {}

void PushSender::send_all(const std::stop_token& stop) {
  for (int number = 1; !stop.stop_requested(); ++number) {
    const auto place = static_cast<std::size_t>(number) % repositories_.size();
    auto sent = send_push(address_, repositories_[place], number);
    {
      const std::scoped_lock lock(mutex_);
      sent_.push_back(std::move(sent));
    }
    changed_.notify_all();
    ::poll(nullptr, 0, pause_ms);
  }
}

int PushSender::count(bool is_acknowledged) const {
  return static_cast<int>(std::ranges::count_if(
      sent_, [&](const SentPush& push) { return push.is_acknowledged() == is_acknowledged; }));
}

void PushSender::wait_for(bool is_acknowledged, int more) {
  std::unique_lock lock(mutex_);
  const int wanted = count(is_acknowledged) + more;
  if (!changed_.wait_for(lock, sender_patience, [&] { return count(is_acknowledged) >= wanted; }))
    throw std::runtime_error("of " + std::to_string(sent_.size()) + " pushes only " +
                             std::to_string(count(is_acknowledged)) +
                             (is_acknowledged ? " were acknowledged" : " were refused"));
}

void PushSender::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

std::vector<SentPush> PushSender::sent() const {
  const std::scoped_lock lock(mutex_);
  return sent_;
}

}  // namespace devy::testing
