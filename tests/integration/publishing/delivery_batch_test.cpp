// Deliveries recorded together: one commit, the order in which they came, and nobody waits for the
// blog of another.
#include <gtest/gtest.h>

#include "core/platform/queue/ingest.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/systems.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::publishing {
namespace delivery_batch_test {

using testing::guid;
using testing::push_payload;

class DeliveryBatch : public ::testing::Test {
 protected:
  DeliveryBatch() : connection_(open()) {
    static_cast<void>(add_account(connection_, "alice", true));
    connect("notes", 42);
    connect("other", 43);
  }
  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  void connect(const std::string& slug, std::int64_t github_id) {
    static_cast<void>(connect_blog(
        connection_,
        {"alice", slug, "https://github.com/alice/" + slug + ".git", std::nullopt, github_id}));
  }
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  std::string state(const base::UploadId& id) {
    return std::string(queue::to_string(load_upload(connection_, id).state));
  }
  // The payloads are borrowed.
  std::vector<std::optional<webhook::RecordedDelivery>> record_all(
      const std::vector<std::pair<int, std::string>>& pushes) {
    std::vector<webhook::ReadDelivery> read;
    std::vector<const webhook::ReadDelivery*> together;
    read.reserve(pushes.size());
    for (const auto& [number, payload] : pushes) {
      webhook::Incoming incoming;
      incoming.guid = guid(number);
      incoming.event = "push";
      incoming.body = payload;
      incoming.payload = payload;
      together.push_back(&read.emplace_back(webhook::read_delivery(incoming)));
    }
    return webhook::record_deliveries(connection_, config::Config(), systems::subscribers(),
                                      together);
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(DeliveryBatch, TreatsTheLaterArrivalAsTheNewer) {
  const auto recorded = record_all({{9, push_payload({.after = std::string(40, 'a')})},
                                    {3, push_payload({.repository = {.id = 43, .name = "other"}})},
                                    {1, push_payload({.after = std::string(40, 'b')})}});
  EXPECT_EQ(state(recorded.at(0)->operations.at(0)), "cancelled");
  EXPECT_EQ(state(recorded.at(1)->operations.at(0)), "verified");
  EXPECT_EQ(state(recorded.at(2)->operations.at(0)), "verified");
  EXPECT_EQ(value("select announced_revision from operation where state = 'verified' and event_id "
                  "= '" +
                  guid(1) + "'"),
            std::string(40, 'b'));
}

TEST_F(DeliveryBatch, StoresOneDeliveryPerGuid) {
  const auto payload = push_payload();
  const auto recorded = record_all({{1, payload}, {1, payload}});
  EXPECT_TRUE(recorded.at(0)->is_new);
  EXPECT_FALSE(recorded.at(1)->is_new);
  EXPECT_EQ(recorded.at(1)->verdict, "accepted");
  EXPECT_EQ(recorded.at(0)->operations, recorded.at(1)->operations);
  const auto other = push_payload({.after = std::string(40, '2')});
  const auto again = record_all({{2, other}, {1, payload}});
  EXPECT_TRUE(again.at(0)->is_new);
  EXPECT_EQ(again.at(1)->operations, recorded.at(0)->operations);
  EXPECT_EQ(value("select count(*) from delivery"), "2");
}

TEST_F(DeliveryBatch, ActsOnOneOfSeveralCopies) {
  const auto payload = push_payload();
  const auto recorded =
      record_all({{9, payload}, {1, payload}, {2, push_payload({.ref = "refs/x"})}});
  EXPECT_EQ(recorded.at(0)->operations.size(), 1U);
  EXPECT_FALSE(recorded.at(1)->is_new);
  EXPECT_EQ(recorded.at(1)->reason, "a copy of " + guid(9));
  EXPECT_EQ(recorded.at(2)->reason, "not a branch");
  EXPECT_EQ(value("select count(*) from delivery where verdict = 'accepted'"), "1");
  EXPECT_EQ(value("select count(*) from upload"), "1");
}

TEST_F(DeliveryBatch, LeavesOutADeliveryWhoseBlogIsLocked) {
  auto connection = open();
  pg::Transaction held(connection);
  connection.execute(pg::Statement{"hold", R"sql(
    select 1 from resource s join blog b on b.resource_id = s.id where b.slug = 'notes'
       for update of s)sql"});
  const auto recorded = record_all(
      {{1, push_payload()}, {2, push_payload({.repository = {.id = 43, .name = "other"}})}});
  EXPECT_FALSE(recorded.at(0));
  EXPECT_EQ(recorded.at(1)->verdict, "accepted");
  EXPECT_EQ(value("select guid from delivery"), guid(2));
  held.commit();
  EXPECT_TRUE(record_all({{1, push_payload()}}).at(0));
}

}  // namespace delivery_batch_test
}  // namespace devy::publishing
