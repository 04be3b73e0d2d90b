#include "tests/bench/paced_sender.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::bench {
namespace {

using std::chrono::steady_clock;
using PacedSeconds = std::chrono::duration<double>;

constexpr int paced_senders = 8;
constexpr std::size_t doubled_every = 10;
constexpr double copy_after = 0.03;  // seconds

struct Turn {
  double at = 0;  // seconds from the begin
  const Delivery* delivery = nullptr;
  bool is_copy = false;
};

std::vector<Turn> turns_of(const std::vector<Delivery>& deliveries, double per_second) {
  std::vector<Turn> turns;
  for (std::size_t n = 0; n < deliveries.size(); ++n) {
    const double at = static_cast<double>(n) / per_second;
    turns.push_back({at, &deliveries[n], false});
    if (n % doubled_every == 0) turns.push_back({at + copy_after, &deliveries[n], true});
  }
  std::ranges::sort(turns, {}, &Turn::at);
  return turns;
}

testing::RawAnswer send(const std::string& address, const Delivery& delivery,
                        const std::string& signature) {
  try {
    return testing::send_request(address, "POST", "/v1/webhooks",
                                 {{"X-GitHub-Event", delivery.event},
                                  {"X-GitHub-Delivery", delivery.guid},
                                  {"X-Hub-Signature-256", signature},
                                  {"X-GitHub-Hook-Installation-Target-Type", "repository"},
                                  {"X-GitHub-Hook-Installation-Target-ID", delivery.repository_id},
                                  {"Content-Type", "application/json"},
                                  {"Connection", "close"}},
                                 delivery.body);
  } catch (const std::runtime_error& error) {
    return {0, {}, error.what()};  // as GitHub notes it: no answer
  }
}

}  // namespace

Paced send_at_pace(const Pace& pace, const std::vector<Delivery>& deliveries) {
  const auto turns = turns_of(deliveries, pace.per_second);
  Paced paced;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const auto begun_at = steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < paced_senders; ++n)
      threads.emplace_back([&] {
        const base::Secret secret{pace.secret};
        for (std::size_t k = 0; (k = next++) < turns.size();) {
          const auto& turn = turns[k];
          const auto signature = webhook::sign(turn.delivery->body, secret);
          std::this_thread::sleep_until(
              begun_at + std::chrono::duration_cast<steady_clock::duration>(PacedSeconds(turn.at)));
          const auto sent_at = base::system_clock().now();
          const auto sending_at = steady_clock::now();
          const auto answer = send(pace.address, *turn.delivery, signature);
          const double took = PacedSeconds(steady_clock::now() - sending_at).count();
          const std::scoped_lock lock(mutex);
          if (!turn.is_copy) {
            paced.sent_at[turn.delivery->guid] = sent_at;
            paced.answer_ms.push_back(took * 1e3);
          }
          if (answer.status >= 200 && answer.status <= 299) continue;
          if (paced.failures++ == 0)
            paced.first_failure = std::to_string(answer.status) + " " + answer.body;
        }
      });
  }
  paced.seconds = PacedSeconds(steady_clock::now() - begun_at).count();
  return paced;
}

}  // namespace devy::bench
