// Deliveries that arrive together share a commit, and nothing else: not each other's failures, not
// each other's locks. Batches are made by holding the table until enough of them wait.
#include <poll.h>

#include <algorithm>
#include <list>

#include "core/publishing/store/blog_store.hpp"
#include "tests/integration/daemon/listener/listener_fixture.hpp"
#include "tests/support/http/tcp_proxy.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::daemon {
namespace group_commit_test {

using testing::guid;
using testing::push_payload;
using testing::RawConnection;

constexpr int writers = 2;  // the first delivery of each goes by itself

class GroupCommitTest : public ListenerTest {
 protected:
  static void wait_until(const std::function<bool()>& is_so) {
    const auto until =
        std::chrono::steady_clock::now() + devy::testing::time_factor * std::chrono::seconds(20);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("it never came so far");
      ::poll(nullptr, 0, 5);
    }
  }
  void wait_for_locks(int count) const {
    wait_until([&] {
      return value(
                 "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and "
                 "datname = current_database()") == std::to_string(count);
    });
  }
  RawConnection& send(const Delivery& delivery) {
    auto& client = clients_.emplace_back(address_);
    client.send(bytes_of(delivery));
    return client;
  }
  // Sends so many more that nobody writes yet; they wait together.
  void wait_for_in_flight(std::size_t count) const {
    wait_until([&] { return listener_->server_counters().in_flight == count; });
  }
  // What keeps every session from writing until it is given up.
  [[nodiscard]] std::unique_ptr<pg::Transaction> hold_table(pg::Connection& connection) const {
    auto held = std::make_unique<pg::Transaction>(connection);
    connection.execute(pg::Statement{"hold", "lock table delivery in share mode"});
    return held;
  }
  [[nodiscard]] pg::Connection connect() const {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  std::vector<int> statuses() {
    std::vector<int> all;
    for (auto& client : clients_)
      all.push_back(client.answer().status);
    return all;
  }
  // Fills the writers' hands, and lets the deliveries behind them wait together until it returns.
  void send_together(const std::vector<Delivery>& deliveries,
                     const std::function<void()>& meanwhile = {}) {
    auto connection = connect();
    const auto held = hold_table(connection);
    for (int n = 0; n < writers; ++n) {
      send({.event = "ping", .number = 1000 + n, .body = testing::ping_payload()});
      wait_for_locks(n + 1);
    }
    for (const auto& delivery : deliveries)
      send(delivery);
    wait_for_in_flight(writers + deliveries.size());
    if (meanwhile) meanwhile();
  }
  static std::vector<Delivery> pings(int count) {
    std::vector<Delivery> all;
    for (int n = 1; n <= count; ++n)
      all.push_back({.event = "ping", .number = n, .body = testing::ping_payload()});
    return all;
  }
  long deliveries() const { return std::stol(value("select count(*) from delivery")); }

  std::list<RawConnection> clients_;
};

TEST_F(GroupCommitTest, CommitsTogetherWhatWaitsTogether) {
  start();
  send_together(pings(20));
  for (const int status : statuses())
    EXPECT_EQ(status, 200);
  EXPECT_EQ(deliveries(), 20 + writers);
  // The two writers may have shared it between them, and on a slow machine some of those in flight
  // are still being read when the first of them are written: but nothing like one commit each.
  EXPECT_LT(std::stol(value("select count(distinct xmin::text) from delivery")), 20 / 2);
}

TEST_F(GroupCommitTest, CommitsTheOthersWhenOneFails) {
  execute(
      "create function refuse() returns trigger language plpgsql as $$ begin"
      " if new.guid = '" +
      guid(7) +
      "' then raise exception 'not this one'; end if; return new; end $$;"
      "create trigger refuse before insert on delivery for each row execute function refuse()");
  start();
  send_together(pings(20));
  const auto all = statuses();
  EXPECT_EQ(std::count(all.begin(), all.end(), 200), 19 + writers);
  EXPECT_EQ(all.at(writers + 6), 500);
  EXPECT_EQ(deliveries(), 19 + writers);
}

TEST_F(GroupCommitTest, RecordsOneDeliveryPerGuidWithinABatchAndAcrossBatches) {
  start();
  auto twice = pings(10);
  for (const auto& again : pings(10))
    twice.push_back(again);
  send_together(twice);
  for (const int status : statuses())
    EXPECT_EQ(status, 200);
  EXPECT_EQ(deliveries(), 10 + writers);
  EXPECT_EQ(listener_->numbers().deliveries.at({"ping", "duplicate"}), 10U);
}

// A worker that finishes holds its blog's resource, and an operator may hold it for long.
TEST_F(GroupCommitTest, DelaysOnlyTheDeliveryOfALockedBlog) {
  start();
  auto connection = connect();
  pg::Transaction held(connection);
  connection.execute(pg::Statement{"hold", "select 1 from resource for update"});
  send({.number = 1});
  wait_for_locks(1);
  for (const auto& ping : pings(9))
    EXPECT_EQ(deliver({.event = "ping", .number = 10 + ping.number, .body = ping.body}).status,
              200);
  EXPECT_EQ(deliveries(), 9);
  held.commit();
  EXPECT_EQ(statuses(), std::vector<int>{202});
  EXPECT_EQ(value("select state from operation"), "verified");
}

// More blogs than may wait alone at once: the others wait for their turn, and nobody for them.
TEST_F(GroupCommitTest, ServesOthersWhileManyBlogsAreLocked) {
  config_.listener.threads = 8;
  for (int n = 1; n <= 12; ++n) {
    const auto name = "blog" + std::to_string(n);
    auto connection = connect();
    static_cast<void>(publishing::connect_blog(
        connection,
        {"alice", name, "https://github.com/alice/" + name + ".git", std::nullopt, 100 + n}));
  }
  start();
  auto connection = connect();
  pg::Transaction held(connection);
  connection.execute(pg::Statement{"hold", "select 1 from resource for update"});
  for (int n = 1; n <= 12; ++n)
    send({.number = n, .body = push_payload({.repository = {.id = 100 + n, .name = "x"}})});
  wait_for_in_flight(12);
  EXPECT_EQ(deliver({.event = "ping", .number = 99, .body = testing::ping_payload()}).status, 200);
  held.commit();
  for (const int status : statuses())
    EXPECT_EQ(status, 202);
  EXPECT_EQ(value("select count(*) from upload"), "12");
}

// F7: all of a batch is done, and nobody was told.
TEST_F(GroupCommitTest, AsksAgainWhenTheAnswerToACommitIsLost) {
  testing::TcpProxy proxy(testing::postgres().socket_path());
  conninfo_ = proxy.conninfo(database_.name());
  start();
  // A session that is lost as soon as it was opened would not be tried again.
  send_together({});
  static_cast<void>(statuses());
  clients_.clear();
  std::vector<Delivery> pushes;
  for (int n = 1; n <= 6; ++n)
    pushes.push_back({.number = n, .body = push_payload({.repository = {.id = 500 + n}})});
  pushes.push_back({.number = 7});
  send_together(pushes, [&] { proxy.swallow("SELECT"); });
  const auto all = statuses();
  EXPECT_EQ(proxy.commits_swallowed(), 1);
  // What was stored by the first try is a duplicate to the second; none is lost, none is refused.
  for (const int status : all)
    EXPECT_TRUE(status == 200 || status == 202) << status;
  EXPECT_EQ(deliveries(), 7 + writers);
  EXPECT_EQ(value("select count(*) from upload"), "1");
  EXPECT_EQ(value("select count(*) from operation"), "1");
}

// F6, I2: what is acknowledged is stored.
TEST_F(GroupCommitTest, AcknowledgesNothingWhenTheDatabaseIsKilledMeanwhile) {
  start();
  send_together(pings(20), [] { testing::postgres().stop(); });
  for (const int status : statuses())
    EXPECT_EQ(status, 503);
  testing::postgres().start();
  EXPECT_EQ(deliveries(), 0);
  wait_until([&] {
    return deliver({.event = "ping", .number = 1, .body = testing::ping_payload()}).status == 200;
  });
  EXPECT_EQ(deliveries(), 1);
}

}  // namespace group_commit_test
}  // namespace devy::daemon
