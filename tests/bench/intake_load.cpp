#include "tests/bench/intake_load.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "core/base/random.hpp"
#include "core/base/secret.hpp"
#include "core/webhook/signature.hpp"
#include "tests/support/raw_http.hpp"

namespace devy::bench {

using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

Load summary(std::vector<double> times_ms, double seconds, int failures) {
  if (times_ms.empty()) return {0, 0, 0, 0, failures};
  std::sort(times_ms.begin(), times_ms.end());
  const auto last = static_cast<double>(times_ms.size() - 1);
  const auto at = [&](double share) { return times_ms[static_cast<std::size_t>(share * last)]; };
  return {static_cast<double>(times_ms.size()) / seconds, at(0.5), at(0.99), times_ms.back(),
          failures};
}

Load send_deliveries(const std::string& address, int connections,
                     const std::function<std::string(int sender)>& body_of) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::atomic<int> failures{0};
  const auto begun_at = steady_clock::now();
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < connections; ++sender)
      senders.emplace_back([&, sender] {
        const auto body = body_of(sender);
        const auto signature = webhook::sign(body, base::Secret{std::string(load_secret)});
        auto& mine = times[static_cast<std::size_t>(sender)];
        while (steady_clock::now() - begun_at < std::chrono::seconds(load_seconds)) {
          const auto sent_at = steady_clock::now();
          const auto answer =
              testing::send_request(address, "POST", "/v1/webhooks",
                                    {{"X-GitHub-Event", "push"},
                                     {"X-GitHub-Delivery", base::system_random().uuid()},
                                     {"X-Hub-Signature-256", signature},
                                     {"Content-Type", "application/json"},
                                     {"Connection", "close"}},
                                    body);
          if (answer.status < 200 || answer.status > 299) ++failures;
          mine.push_back(Seconds(steady_clock::now() - sent_at).count() * 1e3);
        }
      });
  }
  const double taken = Seconds(steady_clock::now() - begun_at).count();
  std::vector<double> all;
  for (const auto& some : times)
    all.insert(all.end(), some.begin(), some.end());
  return summary(std::move(all), taken, failures);
}

}  // namespace devy::bench
