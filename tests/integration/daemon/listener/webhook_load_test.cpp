// Many deliveries at once, many without a right signature, and bodies that fill the memory: what is
// rightly signed is stored all the same.
#include <list>

#include "tests/integration/daemon/listener/listener_fixture.hpp"

namespace devy::daemon {
namespace webhook_load_test {

using testing::push_payload;
using testing::RawConnection;

constexpr const char* wrong_secret = "another secret of some thirty-two bytes";

class WebhookLoadTest : public ListenerTest {
 protected:
  long deliveries() const { return std::stol(value("select count(*) from delivery")); }
};

TEST_F(WebhookLoadTest, LimitsTheUnsignedRequestsOfAnAddress) {
  config_.webhook.unsigned_requests_per_minute = 1;  // ten at once
  start();
  for (int n = 0; n < 10; ++n)
    EXPECT_EQ(deliver({.secret = wrong_secret}).status, 401) << n;
  const auto refused = deliver({.secret = wrong_secret});
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.has("Retry-After: "));
  EXPECT_EQ(deliveries(), 0);
  // Everybody can make GitHub's addresses send what is signed with a wrong secret.
  EXPECT_EQ(deliver().status, 202);
}

TEST_F(WebhookLoadTest, LimitsDeliveriesThatTheirSecretIsNotValidFor) {
  config_.webhook.unsigned_requests_per_minute = 1;  // ten at once
  config_.webhook.secrets = {"test " + secret_file("scoped", good_secret) + " for 7"};
  start();
  const auto foreign = [&] {
    return deliver({.headers = {{"X-GitHub-Hook-Installation-Target-Type", "repository"},
                                {"X-GitHub-Hook-Installation-Target-ID", "7"}}})
        .status;
  };
  for (int n = 0; n < 10; ++n)
    EXPECT_EQ(foreign(), 401) << n;
  EXPECT_EQ(foreign(), 429);
}

// Closing a milestone brings hundreds within a second, and GitHub tries none of them again. As many
// connections as the listener has places, all complete at once.
TEST_F(WebhookLoadTest, StoresEveryDeliveryOfABurst) {
  config_.listener.threads = 2;
  start();
  constexpr int burst = 329;
  std::list<RawConnection> clients;
  std::vector<std::string> lasts;
  for (int number = 1; number <= burst; ++number) {
    const auto bytes = bytes_of({.number = number});
    clients.emplace_back(address_).send(bytes.substr(0, bytes.size() - 1));
    lasts.push_back(bytes.substr(bytes.size() - 1));
  }
  auto last = lasts.begin();
  for (auto& client : clients)
    client.send(*last++);
  int stored = 0;
  for (auto& client : clients)
    stored += client.answer().status == 202 ? 1 : 0;
  EXPECT_EQ(stored, burst);
  EXPECT_EQ(deliveries(), burst);
}

// F23, in small: forgeries beside what is right.
TEST_F(WebhookLoadTest, ServesOthersDuringAFloodOfForgeries) {
  config_.webhook.unsigned_requests_per_minute = 0;
  start();
  std::atomic<int> stored{0}, forged{0};
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < 4; ++sender)
      senders.emplace_back([&, sender] {
        for (int i = 0; i < 100; ++i) {
          const bool is_forged = i % 5 != 0;
          const auto answer = deliver(
              {.number = sender * 1000 + i, .secret = is_forged ? wrong_secret : good_secret});
          if (is_forged) forged += answer.status == 401 ? 1 : 0;
          else stored += answer.status == 202 ? 1 : 0;
        }
      });
  }
  EXPECT_EQ(forged, 320);
  EXPECT_EQ(stored, 80);
  EXPECT_EQ(deliveries(), 80);
  const auto numbers = listener_->numbers();
  EXPECT_EQ(numbers.requests, 400U);
  EXPECT_EQ(numbers.refused.at("not_signed"), 320U);
}

// The disk is the database's, and rows are few bytes; M9.
TEST_F(WebhookLoadTest, StoresNoLargeBodiesThatNobodyNeeds) {
  start();
  const std::string padding(4'000'000, 'x');
  for (int number = 1; number <= 10; ++number)
    EXPECT_EQ(deliver({.event = "star",
                       .number = number,
                       .body = R"({"action":"created","repository":{"id":42},"padding":")" +
                               padding + "\"}",
                       .headers = {{"User-Agent", std::string(10'000, 'x')}}})
                  .status,
              202);
  EXPECT_EQ(deliveries(), 10);
  EXPECT_LT(std::stol(value("select pg_total_relation_size('delivery')")), 1'000'000);
  EXPECT_EQ(value("select min(body_bytes) > 4000000 from delivery"), "t");
}

// M2: what is announced costs nothing.
TEST_F(WebhookLoadTest, StoresADeliveryBesideAnnouncedBodies) {
  start();
  std::list<RawConnection> announcing;
  for (int n = 0; n < 2; ++n)
    announcing.emplace_back(address_).send(
        "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 26214400\r\n\r\n{");
  EXPECT_EQ(deliver({.body = push_payload({.padding_bytes = 100'000})}).status, 202);
}

}  // namespace webhook_load_test
}  // namespace devy::daemon
