#include "tests/bench/intake_load.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "core/base/descriptor.hpp"
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

namespace {

// One request over a connection of its own, with as few calls as that takes: what the senders use
// of the processors, nobody else has. Gives the status; 0 when there was no answer.
int send_one(const sockaddr_in& where, const std::string& bytes) {
  const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(bytes.size()))
    return 0;
  std::string answer;
  std::array<char, 4096> chunk{};
  for (ssize_t count = 0; (count = ::recv(socket.get(), chunk.data(), chunk.size(), 0)) > 0;)
    answer.append(chunk.data(), static_cast<std::size_t>(count));
  constexpr std::size_t status_at = 9;  // behind "HTTP/1.1 "
  return answer.size() < status_at + 3 ? 0 : std::stoi(answer.substr(status_at, 3));
}

sockaddr_in loopback_address(const std::string& address) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  return where;
}

}  // namespace

Load send_deliveries(const std::string& address, int connections,
                     const std::function<std::string(int sender)>& body_of) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::atomic<int> failures{0};
  const auto where = loopback_address(address);
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
          const auto bytes =
              testing::request_bytes("POST", "/v1/webhooks",
                                     {{"X-GitHub-Event", "push"},
                                      {"X-GitHub-Delivery", base::system_random().uuid()},
                                      {"X-Hub-Signature-256", signature},
                                      {"Content-Type", "application/json"},
                                      {"Connection", "close"}},
                                     body);
          const int status = send_one(where, bytes);
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
