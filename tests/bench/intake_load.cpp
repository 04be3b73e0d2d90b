#include "tests/bench/intake_load.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
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

// A connection that stays for as long as the server lets it, as a proxy's do; asked with as few
// calls as that takes: what the senders use of the processors, nobody else has.
class Sender {
 public:
  explicit Sender(const sockaddr_in& where) : where_(where) {}

  // Gives the status; 0 when there was no answer.
  int send(const std::string& bytes) {
    const bool was_open = socket_.get() >= 0;
    int status = send_once(bytes);
    // It may have been closed since the last answer, without a word about this request.
    if (status == 0 && was_open) status = send_once(bytes);
    return status;
  }

 private:
  int send_once(const std::string& bytes) {
    if (socket_.get() < 0) {
      socket_ = base::Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      const int at_once = 1;
      ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&where_), sizeof where_) != 0)
        return fail();
    }
    if (::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size()))
      return fail();
    answer_.clear();
    while (!is_whole()) {
      const auto count = ::recv(socket_.get(), chunk_.data(), chunk_.size(), 0);
      if (count <= 0) return fail();
      answer_.append(chunk_.data(), static_cast<std::size_t>(count));
    }
    if (answer_.find("Connection: close") < head_bytes_) socket_ = base::Descriptor();
    constexpr std::size_t status_at = 9;  // behind "HTTP/1.1 "
    return std::stoi(answer_.substr(status_at, 3));
  }
  // Every server measured here says how long its answer is; header names come in either case.
  bool is_whole() {
    constexpr std::string_view end = "\r\n\r\n", length = "ontent-";
    constexpr std::size_t value_at = std::string_view("ontent-Length: ").size();
    head_bytes_ = answer_.find(end);
    if (head_bytes_ == std::string::npos) return false;
    head_bytes_ += end.size();
    for (auto at = answer_.find(length); at < head_bytes_; at = answer_.find(length, at + 1))
      if (answer_[at + length.size()] == 'L' || answer_[at + length.size()] == 'l')
        return answer_.size() >= head_bytes_ + std::stoul(answer_.substr(at + value_at));
    throw std::runtime_error("an answer without its length: " + answer_);
  }
  int fail() {
    socket_ = base::Descriptor();
    return 0;
  }

  const sockaddr_in where_;
  base::Descriptor socket_;
  std::string answer_;
  std::size_t head_bytes_ = 0;
  std::array<char, 4096> chunk_{};
};

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
                     const std::function<std::string(int sender)>& body_of,
                     const DeliveryKind& kind) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::atomic<int> failures{0};
  const auto where = loopback_address(address);
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
        Sender connection(where);
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
