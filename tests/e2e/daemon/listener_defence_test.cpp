// Hostile HTTP against the real daemon, directly and through nginx with the shipped site: every
// case that traps.md and reliability.md (F23-F25) name. Refused, nothing stored, health there all
// the while, and the listener within its memory.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <list>
#include <sstream>
#include <thread>

#include "core/platform/base/secret.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/nginx.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace listener_defence_test {

constexpr const char* secret = "the secret that deliveries are signed with";
constexpr const char* wrong_secret = "another secret of some thirty-two bytes";
constexpr long peak_kib_max = 256L * 1024;

// A build with sanitizers has several times the memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_memory_ours = false;
#else
constexpr bool is_memory_ours = true;
#endif

std::string signed_request(int number, const std::string& event, const std::string& body,
                           const char* signer = secret, const RawHeaders& more = {}) {
  RawHeaders headers{{"X-GitHub-Event", event},
                     {"X-GitHub-Delivery", guid(number)},
                     {"Connection", "close"},
                     {"X-Hub-Signature-256", webhook::sign(body, base::Secret(signer))}};
  headers.insert(headers.end(), more.begin(), more.end());
  const bool has_type = std::any_of(
      more.begin(), more.end(), [](const auto& header) { return header.first == "Content-Type"; });
  if (!has_type) headers.emplace_back("Content-Type", "application/json");
  return request_bytes("POST", "/v1/webhooks", headers, body);
}

struct Attack {
  const char* name;
  std::string bytes;
  std::vector<int> direct, proxied;  // statuses; 0: closed without a word
};

// NOLINTNEXTLINE(readability-function-size): a table, as long as what it lists.
std::vector<Attack> attacks() {
  const std::string post = "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  const std::string hello = "\r\n\r\nhello";
  std::string many = post + "Content-Length: 5\r\n";
  for (int n = 0; n < 20'000; ++n)
    many += "X: 1\r\n";
  return {
      {"no length", post + "\r\n", {411}, {411}},
      {"a length that is a word", post + "Content-Length: abc" + hello, {400}, {400}},
      {"a negative length", post + "Content-Length: -5" + hello, {400}, {400}},
      {"a length with a sign", post + "Content-Length: +5" + hello, {400}, {400}},
      {"two lengths", post + "Content-Length: 5\r\nContent-Length: 6" + hello, {400}, {400}},
      {"a length beyond numbers",
       post + "Content-Length: 99999999999999999999999" + hello,
       {400, 413},
       {400, 413}},
      {"chunks", post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", {411}, {401}},
      {"a negative chunk",
       post + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
       {411},
       {400}},
      {"an endless chunk",
       post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello\r\n",
       {411},
       {400, 413}},
      {"chunks and a length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 5" + hello,
       {400},
       {400}},
      {"an unknown encoding",
       post + "Transfer-Encoding: xchunked\r\nContent-Length: 5" + hello,
       {400, 411},
       {400, 501}},
      {"gzip", post + "Content-Encoding: gzip\r\nContent-Length: 5" + hello, {415}, {415}},
      {"more than GitHub sends", post + "Content-Length: 27000000" + hello, {413}, {413}},
      {"a terabyte", post + "Content-Length: 999999999999" + hello, {413}, {413}},
      {"20,000 headers", many + "\r\nhello", {431}, {400}},
      {"a header of 32 MiB", post + "X: " + std::string(32UL << 20U, 'a'), {431}, {0, 400}},
      {"a target of 1 MiB", "POST /" + std::string(1UL << 20U, 'a'), {0, 414, 431}, {0, 414}},
      {"a folded header", post + "X: a\r\n b\r\nContent-Length: 5" + hello, {400}, {400, 401}},
      {"a space before the colon", post + "Content-Length : 5" + hello, {400}, {400}},
      {"a null in a header",
       post + std::string("X: a\0b\r\n", 8) + "Content-Length: 5" + hello,
       {400},
       {400}},
      {"a bare carriage return", post + "X: a\rContent-Length: 5" + hello, {400}, {400, 401, 411}},
      {"a TLS greeting", "\x16\x03\x01\x02 hello\r\n\r\n", {400}, {400}},
      {"a version of the future",
       "POST /v1/webhooks HTTP/9.9\r\nHost: x\r\n\r\n",
       {400, 505},
       {400, 505}},
      {"another method",
       "DELETE /v1/webhooks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
       {405},
       {403}},
      {"CONNECT",
       "CONNECT x:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
       {400, 404, 405},
       {400, 405}},
      {"a way around",
       "POST /v1/webhooks/../metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
       "0\r\n\r\n",
       {404},
       {404}},
      {"no signature", post + "Content-Length: 5" + hello, {401}, {401}},
      {"the address of another",
       post + "REMOTE_ADDR: 192.30.252.1\r\nContent-Length: 5" + hello,
       {401},
       {401}},
      {"a forgery", signed_request(1, "push", push_payload(), wrong_secret), {401}, {401}},
      {"a form in parts",
       signed_request(2, "push", push_payload(), secret,
                      {{"Content-Type", "multipart/form-data; boundary=x"}}),
       {415},
       {415}},
      {"line ends in a header that was decoded",
       signed_request(3, "push%0d%0aX-Injected:%20yes", push_payload()),
       {400},
       {400}},
  };
}

class ListenerDefence : public DaemonFixture {
 protected:
  ListenerDefence() {
    write_text(folder_ / "secret", std::string(secret) + "\n");
    ::chmod((folder_ / "secret").c_str(), 0600);
    configure(
        "request_deadline = 2\n[webhook]\nsender_check = \"off\"\n"
        "unsigned_requests_per_minute = 0\n"
        "secrets = [\"test " +
        (folder_ / "secret") + "\"]\n");
    daemon_ = start();
    wait_for_answer("/readyz", 200, "");
    nginx_ = std::make_unique<Nginx>(folder_ / "public", free_address());
  }

  static std::string free_address() {
    return server::address_of(server::bind_socket("127.0.0.1:0").get());
  }
  [[nodiscard]] std::string direct() const { return "unix:" + (folder_ / "public"); }
  [[nodiscard]] const std::string& proxied() const { return nginx_->address(); }

  static RawAnswer ask(const std::string& address, std::string_view bytes) {
    RawConnection client(address);
    client.send(bytes);
    return client.answer();
  }
  static int deliver(const std::string& address, int number) {
    return ask(address, signed_request(number, "ping", ping_payload())).status;
  }
  [[nodiscard]] long deliveries() const {
    return database_.number("select count(*) from devy.delivery");
  }
  void expect_health() const {
    EXPECT_EQ(get("/healthz").status, 200);
    const auto ready = get("/readyz");
    EXPECT_EQ(ready.status, 200) << ready.body;
  }
  // Of the daemon's child that listens: the most it ever had.
  [[nodiscard]] long listener_peak_kib() const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream status(entry.path() / "status");
      std::stringstream words;
      words << std::ifstream(entry.path() / "cmdline").rdbuf() << '\n' << status.rdbuf();
      const auto text = words.str();
      const auto parent = text.find("\nPPid:\t" + std::to_string(daemon_->pid()) + "\n");
      if (parent == std::string::npos || text.find("listener") == std::string::npos) continue;
      const auto peak = text.find("\nVmHWM:");
      return std::stol(text.substr(peak + 7));
    }
    throw std::runtime_error("there is no listener");
  }
  void expect_small() const {
    const auto peak = listener_peak_kib();
    RecordProperty("peak_kib", std::to_string(peak));
    if (is_memory_ours) {
      EXPECT_LT(peak, peak_kib_max);
    }
  }

  std::unique_ptr<Program> daemon_;
  std::unique_ptr<Nginx> nginx_;
};

bool is_among(const std::vector<int>& statuses, int status) {
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

TEST_F(ListenerDefence, RefusesEveryMalformedRequest) {
  for (const auto& attack : attacks()) {
    SCOPED_TRACE(attack.name);
    const auto straight = ask(direct(), attack.bytes), around = ask(proxied(), attack.bytes);
    EXPECT_TRUE(is_among(attack.direct, straight.status)) << straight.status;
    EXPECT_TRUE(is_among(attack.proxied, around.status)) << around.status;
    for (const auto& answer : {straight, around}) {
      EXPECT_EQ(answer.head.find("EXCEPTION_WHAT"), std::string::npos);
      EXPECT_EQ(answer.head.find("X-Injected"), std::string::npos);
    }
  }
  EXPECT_EQ(deliveries(), 0);
  expect_health();
  expect_small();
  EXPECT_EQ(deliver(direct(), 100), 200);
  EXPECT_EQ(deliver(proxied(), 101), 200);
  EXPECT_EQ(deliveries(), 2);
  stop(*daemon_);
}

TEST_F(ListenerDefence, RecordsNoDeliveryForABodyThatIsCutOff) {
  const auto whole = signed_request(1, "ping", ping_payload());
  for (const auto& address : {direct(), proxied()})
    for (const std::size_t missing : {std::size_t{1}, std::size_t{20}}) {
      RawConnection client(address);
      client.send(whole.substr(0, whole.size() - missing));
      client.finish();
      EXPECT_FALSE(is_among({200, 202}, client.answer().status));
    }
  EXPECT_EQ(deliveries(), 0);
  EXPECT_EQ(deliver(direct(), 1), 200);
  stop(*daemon_);
}

// Rightly signed, and still no bomb: kept as rejected, for whoever asks what came.
TEST_F(ListenerDefence, RejectsASignedBomb) {
  const std::string nested = "{\"repository\":" + std::string(1'000'000, '[') + "}";
  const std::string wide = "{\"repository\":{\"id\":" + std::string(1'000'000, '9') + "}}";
  int number = 0;
  for (const auto& address : {direct(), proxied()})
    for (const auto& body : {nested, wide})
      EXPECT_EQ(ask(address, signed_request(++number, "push", body)).status, 400);
  EXPECT_EQ(database_.number("select count(*) from devy.delivery where verdict = 'rejected'"), 4);
  EXPECT_EQ(database_.number("select count(*) from devy.upload"), 0);
  expect_health();
  expect_small();
  stop(*daemon_);
}

// As large as GitHub sends, more at once than there is room for, and again and again.
TEST_F(ListenerDefence, LimitsTheMemoryOfLargeBodies) {
  std::atomic<int> stored{0}, refused{0};
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < 6; ++sender)
      senders.emplace_back([&, sender] {
        const auto body = push_payload({.padding_bytes = 24'000'000});
        for (int n = 0; n < 3; ++n) {
          const auto& address = sender % 2 == 0 ? direct() : proxied();
          const int status = ask(address, signed_request(10 * sender + n, "push", body)).status;
          stored += status == 202 ? 1 : 0;
          // 408 where this machine is so busy that a body arrives slowly.
          refused += is_among({408, 503}, status) ? 1 : 0;
        }
      });
  }
  EXPECT_GE(stored, 1);
  EXPECT_EQ(stored + refused, 18);
  EXPECT_EQ(deliveries(), stored);
  expect_health();
  expect_small();
  stop(*daemon_);
}

// Closing a milestone; to each of the two doors.
TEST_F(ListenerDefence, StoresEveryDeliveryOfABurst) {
  constexpr int burst = 329;
  int number = 0;
  for (const auto& address : {direct(), proxied()}) {
    std::list<RawConnection> clients;
    for (int n = 0; n < burst; ++n)
      clients.emplace_back(address).send(signed_request(++number, "push", push_payload()));
    for (auto& client : clients)
      EXPECT_EQ(client.answer().status, 202);
  }
  EXPECT_EQ(deliveries(), 2 * burst);
  stop(*daemon_);
}

// F24: a hundred that drip, to each of the two doors.
TEST_F(ListenerDefence, ServesOthersBesideSlowClients) {
  const auto whole = signed_request(1, "ping", ping_payload());
  std::list<RawConnection> slow;
  for (int n = 0; n < 100; ++n)
    for (const auto& address : {direct(), proxied()})
      slow.emplace_back(address).send(whole.substr(0, n % 2 == 0 ? 40 : whole.size() - 10));
  int number = 1;
  for (int n = 0; n < 20; ++n)
    for (const auto& address : {direct(), proxied()})
      EXPECT_EQ(deliver(address, ++number), 200);
  expect_health();
  // The daemon's own deadline ends those that came directly; nginx's is longer.
  int n = 0;
  for (auto& client : slow) {
    if (n++ % 2 == 0) {
      EXPECT_EQ(client.answer().status, 0);
    }
  }
  EXPECT_EQ(deliveries(), 40);
  expect_small();
  stop(*daemon_);
}

// F23: what is right among four times as many forgeries; nobody is lost, and health is there.
TEST_F(ListenerDefence, AcceptsAFloodOrTellsItToWait) {
  constexpr int senders_count = 8, each = 250;
  std::atomic<int> stored{0}, waiting{0}, forged{0}, other{0};
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < senders_count; ++sender)
      senders.emplace_back([&, sender] {
        // nginx counts what comes from one address, so most of it is refused there.
        const auto& address = sender == 0 ? proxied() : direct();
        for (int n = 0; n < each; ++n) {
          const bool is_right = n % 5 == 0;
          const int status = ask(address, signed_request(sender * 1000 + n, "ping", ping_payload(),
                                                         is_right ? secret : wrong_secret))
                                 .status;
          if (status == 200 && is_right) ++stored;
          else if (status == 401 && !is_right) ++forged;
          else if (status == 429 || status == 503) ++waiting;
          else ++other;
        }
      });
    expect_health();
  }
  EXPECT_EQ(other, 0);
  EXPECT_GE(forged, (senders_count - 1) * each / 5 * 4);
  EXPECT_EQ(deliveries(), stored);
  EXPECT_GE(stored, (senders_count - 1) * each / 5);
  expect_health();
  expect_small();
  stop(*daemon_);
}

}  // namespace listener_defence_test
}  // namespace devy::testing
