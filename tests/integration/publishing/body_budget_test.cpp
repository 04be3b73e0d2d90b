// Which bodies of deliveries a real database keeps, and that a delivery without one causes the
// same.
#include "core/platform/webhook/body_budget.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/systems.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::publishing {
namespace body_budget_test {

using testing::guid;
using testing::push_payload;
using testing::PushPayload;

const std::string star = R"({"action":"created","repository":{"id":42}})";

class BodyBudget : public ::testing::Test {
 protected:
  BodyBudget()
      : connection_(pg::Connection::open(database_.conninfo(), config::Database(), "test")) {
    static_cast<void>(add_account(connection_, "alice", true));
    connect("notes", 42);
  }
  void connect(const std::string& slug, std::int64_t github_id) {
    static_cast<void>(connect_blog(
        connection_,
        {"alice", slug, "https://github.com/alice/" + slug + ".git", std::nullopt, github_id}));
  }
  struct Sent {
    int number;
    std::string event, payload;
  };
  std::vector<webhook::RecordedDelivery> record(const std::vector<Sent>& sent) {
    std::vector<webhook::ReadDelivery> read;
    std::vector<const webhook::ReadDelivery*> together;
    read.reserve(sent.size());
    for (const auto& one : sent) {
      webhook::Incoming incoming;
      incoming.guid = guid(one.number);
      incoming.event = one.event;
      incoming.body = one.payload;
      incoming.payload = one.payload;
      together.push_back(&read.emplace_back(webhook::read_delivery(incoming)));
    }
    std::vector<webhook::RecordedDelivery> recorded;
    for (auto& one :
         webhook::record_deliveries(connection_, config_, systems::subscribers(), together))
      recorded.push_back(one.value());
    return recorded;
  }
  // Each is another, and all are of one size: a copy would not be accepted.
  [[nodiscard]] static PushPayload nth(int number) {
    return {.message = "Say mor" + std::to_string(number)};
  }
  webhook::RecordedDelivery push(int number, const PushPayload& push) {
    return record({{number, "push", push_payload(push)}}).front();
  }
  webhook::RecordedDelivery push(int number) { return push(number, nth(number)); }
  void allow_bodies(std::size_t count) {
    config_.webhook.repository_bodies_bytes_max = count * push_payload().size();
  }
  [[nodiscard]] std::string omission_of(int number) {
    const auto delivery = webhook::find_delivery(connection_, guid(number));
    EXPECT_GT(delivery.body_bytes, 0);
    return delivery.body_omitted;
  }
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
  config::Config config_;
};

TEST_F(BodyBudget, KeepsNoBodyOfAnEventThatMeansNothing) {
  record({{1, "star", star}, {2, "ping", testing::ping_payload()}});
  EXPECT_EQ(omission_of(1), "unneeded");
  EXPECT_EQ(omission_of(2), "unneeded");
  EXPECT_EQ(value("select string_agg(coalesce(length(body), -1)::text, ' ') from delivery"),
            "-1 -1");
  EXPECT_EQ(webhook::find_delivery(connection_, guid(1)).body_bytes,
            static_cast<std::int64_t>(star.size()));
  try {
    static_cast<void>(webhook::load_delivery_body(connection_, guid(1)));
    FAIL() << "its body was kept";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "delivery_body_omitted");
    EXPECT_NE(error.text().find("no system needs it"), std::string::npos) << error.text();
  }
}

TEST_F(BodyBudget, RecordsPushesWithoutBodiesBeyondIt) {
  allow_bodies(2);
  for (int number = 1; number <= 3; ++number) {
    const auto recorded = push(number);
    EXPECT_EQ(recorded.verdict, "accepted");
    EXPECT_EQ(recorded.operations.size(), 1U);
  }
  EXPECT_EQ(omission_of(2), "");
  EXPECT_EQ(webhook::load_delivery_body(connection_, guid(2)), push_payload(nth(2)));
  EXPECT_EQ(omission_of(3), "over_budget");
}

TEST_F(BodyBudget, IsTheSameWithinABatch) {
  allow_bodies(2);
  record({{1, "push", push_payload(nth(1))},
          {2, "push", push_payload(nth(2))},
          {3, "push", push_payload(nth(3))},
          {4, "star", star}});
  EXPECT_EQ(omission_of(2), "");
  EXPECT_EQ(omission_of(3), "over_budget");
  EXPECT_EQ(value("select bytes from body_budget"), std::to_string(2 * push_payload().size()));
}

TEST_F(BodyBudget, IsEachRepositorysOwn) {
  connect("other", 43);
  allow_bodies(1);
  static_cast<void>(push(1));
  static_cast<void>(push(2));
  static_cast<void>(push(3, {.repository = {.id = 43, .name = "other"}, .message = "x"}));
  EXPECT_EQ(omission_of(2), "over_budget");
  EXPECT_EQ(omission_of(3), "");
}

// Ids that nobody knows are whatever the signer likes.
TEST_F(BodyBudget, IsOneForAllRepositoriesThatNobodyKnows) {
  allow_bodies(1);
  static_cast<void>(push(1, {.repository = {.id = 91}, .message = "x"}));
  static_cast<void>(push(2, {.repository = {.id = 92}, .message = "x"}));
  record({{3, "repository", testing::repository_payload("edited", {.id = 93}, R"("changes":{})")}});
  EXPECT_EQ(omission_of(1), "");
  EXPECT_EQ(omission_of(2), "over_budget");
  EXPECT_EQ(omission_of(3), "over_budget");
  static_cast<void>(push(4));
  EXPECT_EQ(omission_of(4), "");
}

TEST_F(BodyBudget, BeginsAnewEachDay) {
  allow_bodies(1);
  static_cast<void>(push(1));
  database_.execute("update devy.body_budget set day = day - 1");
  static_cast<void>(push(2));
  static_cast<void>(push(3));
  EXPECT_EQ(omission_of(2), "");
  EXPECT_EQ(omission_of(3), "over_budget");
}

TEST_F(BodyBudget, ChargesNothingForARedelivery) {
  allow_bodies(2);
  static_cast<void>(push(1));
  static_cast<void>(push(1));
  EXPECT_EQ(value("select bytes from body_budget"), std::to_string(push_payload().size()));
}

TEST_F(BodyBudget, LeavesAReplayedDeliveryItsBody) {
  const auto payload = push_payload({.repository = {.id = 50, .name = "later"}});
  record({{1, "push", payload}});
  config_.webhook.repository_bodies_bytes_max = 0;
  connect("later", 50);
  const auto replayed = webhook::replay_delivery(connection_, config_, systems::subscribers(),
                                                 guid(1), "operator@host", "it came too soon");
  EXPECT_EQ(replayed.verdict, "accepted");
  EXPECT_EQ(webhook::load_delivery_body(connection_, guid(1)), payload);
}

}  // namespace body_budget_test
}  // namespace devy::publishing
