#include "tests/bench/intake_load.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/bench/http_sender.hpp"
#include "tests/support/http/raw_http.hpp"

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

namespace {

constexpr std::size_t number_digits = 20;

}  // namespace

Load send_deliveries(const std::string& address, int connections,
                     const std::function<std::string(int sender)>& body_of,
                     const DeliveryKind& kind) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::atomic<int> failures{0};
  const auto begun_at = steady_clock::now();
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < connections; ++sender)
      senders.emplace_back([&, sender] {
        auto body = body_of(sender);
        const auto padding = body.find(std::string(number_digits, 'x'));
        if (padding == body.npos) throw std::runtime_error("the payload has no padding");
        const base::Secret secret{std::string(load_secret)};
        std::uint64_t number = 0;
        auto& mine = times[static_cast<std::size_t>(sender)];
        HttpSender connection(address);
        while (steady_clock::now() - begun_at < std::chrono::seconds(load_seconds)) {
          // The same payload under another GUID would be a copy, which brings nothing.
          const auto digits = std::to_string(++number);
          body.replace(padding + number_digits - digits.size(), digits.size(), digits);
          const auto signature = webhook::sign(body, secret);
          const auto sent_at = steady_clock::now();
          testing::RawHeaders headers{{"X-GitHub-Event", kind.event},
                                      {"X-GitHub-Delivery", base::system_random().uuid()},
                                      {"X-Hub-Signature-256", signature},
                                      {"Content-Type", "application/json"},
                                      {"Connection", "keep-alive"}};
          if (!kind.repository_id.empty()) {
            headers.emplace_back("X-GitHub-Hook-Installation-Target-Type", "repository");
            headers.emplace_back("X-GitHub-Hook-Installation-Target-ID", kind.repository_id);
          }
          const auto bytes = testing::request_bytes("POST", "/v1/webhooks", headers, body);
          const int status = connection.send(bytes);
          if (status < 200 || status > 299) ++failures;
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
