// Deliveries taken together: one commit, the order in which they came, and nobody waits for the
// blog of another.
#include <gtest/gtest.h>

#include "core/queue/ingest.hpp"
#include "core/store/account_store.hpp"
#include "core/store/blog_store.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/intake.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/webhook_payload.hpp"

namespace devy::upload {
namespace {

using testing::guid;
using testing::push_payload;

class TakenTogether : public ::testing::Test {
 protected:
  TakenTogether() : connection_(open()) {
    static_cast<void>(store::add_account(connection_, "alice", true));
    connect("notes", 42);
    connect("other", 43);
  }
  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  void connect(const std::string& slug, std::int64_t github_id) {
    static_cast<void>(store::connect_blog(
        connection_,
        {"alice", slug, "https://github.com/alice/" + slug + ".git", std::nullopt, github_id}));
  }
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  std::string state(const base::UploadId& id) {
    return std::string(queue::to_string(store::load_upload(connection_, id).state));
  }
  // The payloads are borrowed.
  std::vector<std::optional<Taken>> take_all(
      const std::vector<std::pair<int, std::string>>& pushes) {
    std::vector<ReadDelivery> read;
    std::vector<const ReadDelivery*> together;
    read.reserve(pushes.size());
    for (const auto& [number, payload] : pushes) {
      Incoming incoming;
      incoming.guid = guid(number);
      incoming.event = "push";
      incoming.body = payload;
      incoming.payload = payload;
      together.push_back(&read.emplace_back(read_delivery(config::Config(), incoming)));
    }
    return take_together(connection_, together);
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(TakenTogether, OfThoseTakenTogetherTheLaterArrivalIsTheNewer) {
  const auto taken = take_all({{9, push_payload({.after = std::string(40, 'a')})},
                               {3, push_payload({.repository = {.id = 43, .name = "other"}})},
                               {1, push_payload({.after = std::string(40, 'b')})}});
  EXPECT_EQ(state(taken.at(0)->uploads.at(0)), "cancelled");
  EXPECT_EQ(state(taken.at(1)->uploads.at(0)), "verified");
  EXPECT_EQ(state(taken.at(2)->uploads.at(0)), "verified");
  EXPECT_EQ(value("select announced_revision from operation where state = 'verified' and event_id "
                  "= '" +
                  guid(1) + "'"),
            std::string(40, 'b'));
}

TEST_F(TakenTogether, OneGuidIsOneDeliveryAmongThoseTakenTogether) {
  const auto payload = push_payload();
  const auto taken = take_all({{1, payload}, {1, payload}});
  EXPECT_TRUE(taken.at(0)->is_new);
  EXPECT_FALSE(taken.at(1)->is_new);
  EXPECT_EQ(taken.at(1)->verdict, "accepted");
  EXPECT_EQ(taken.at(0)->uploads, taken.at(1)->uploads);
  const auto again = take_all({{2, payload}, {1, payload}});
  EXPECT_TRUE(again.at(0)->is_new);
  EXPECT_EQ(again.at(1)->uploads, taken.at(0)->uploads);
  EXPECT_EQ(value("select count(*) from delivery"), "2");
}

TEST_F(TakenTogether, OneWhoseBlogIsLockedIsLeftOutOfThoseTakenTogether) {
  auto connection = open();
  pg::Transaction held(connection);
  connection.execute(pg::Statement{"hold", R"sql(
    select 1 from resource s join blog b on b.resource_id = s.id where b.slug = 'notes'
       for update of s)sql"});
  const auto taken = take_all(
      {{1, push_payload()}, {2, push_payload({.repository = {.id = 43, .name = "other"}})}});
  EXPECT_FALSE(taken.at(0));
  EXPECT_EQ(taken.at(1)->verdict, "accepted");
  EXPECT_EQ(value("select guid from delivery"), guid(2));
  held.commit();
  EXPECT_TRUE(take_all({{1, push_payload()}}).at(0));
}

}  // namespace
}  // namespace devy::upload
