// Acts on many operations in the real console: by the keys, without script, and by a worker that is
// killed midway.

#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>

#include "core/platform/pg/connection.hpp"
#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/web/browser.hpp"

namespace devy::testing {
namespace bulk_test {

constexpr pg::Statement hold_resource{"hold_resource", R"sql(
  select 1 from devy.resource where id = (
    select resource_id from devy.operation where id = $1::uuid) for update)sql"};

class BulkActs : public ConsoleFixture {
 protected:
  // Operations of a kind that no worker knows, one of each resource.
  void make(int count, const std::string& state, const std::string& kind) const {
    const bool is_ended = state != "verified";
    const auto number = std::to_string(count);
    database_.execute(
        "insert into devy.resource (kind, key, owner) select '" + kind +
        "', g, 'owner' from "
        "generate_series(1, " +
        number +
        ") g; set session_replication_role = replica; insert into devy.operation (id, kind, "
        "resource_id, owner, state, source, finished_at, error_code, error_text) select "
        "gen_random_uuid(), kind, id, owner, '" +
        state + "', 'api', " + (is_ended ? "now(), 'broken', 'it broke'" : "null, null, null") +
        " from devy.resource where kind = '" + kind + "'");
  }
  [[nodiscard]] std::string scalar(const std::string& sql) const { return database_.scalar(sql); }
  // Until the query says so.
  void wait_for_row(const std::string& sql, const std::string& wanted) {
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
         scalar(sql) != wanted; std::this_thread::sleep_for(std::chrono::milliseconds(20)))
      if (std::chrono::steady_clock::now() > end)
        throw std::runtime_error(sql + " is " + scalar(sql));
  }
  // Sends the form of all that match, and the confirmation that comes back.
  RawAnswer act_on_all(const Browser& browser, const std::string& kind, const std::string& act,
                       int count) const {
    const auto page = "/operations?kind=" + kind;
    const auto list = get(page, browser).body;
    const auto asked =
        post("/operations", browser, page,
             "act=" + act + "&scope=all&kind=" + kind + "&as_of=" + hidden(list, "as_of"));
    if (asked.status != 200) return asked;
    confirmed_ = "act=" + act + "&scope=all&confirmed=1&kind=" + kind;
    for (const auto* name : {"as_of", "bulk", "shown", "shown_at"})
      confirmed_ += "&" + std::string(name) + "=" + hidden(asked.body, name);
    confirmed_ += "&reason=wrong+list&count=" + std::to_string(count);
    return post("/operations", browser, page, confirmed_);
  }
  [[nodiscard]] static std::string hidden(const std::string& page, const std::string& name) {
    const auto begin = "name=\"" + name + "\" value=\"";
    const auto at = page.find(begin);
    if (at == std::string::npos) return {};
    const auto from = at + begin.size();
    return page.substr(from, page.find('"', from) - from);
  }
  // A worker comes to the hundredth of the operations, and waits for its resource.
  std::optional<pg::Connection> hold(const std::string& id) const {
    auto session = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
    session.execute(pg::Statement{"begin_hold", "begin"});
    static_cast<void>(session.one(hold_resource, pg::Params(id)));
    return session;
  }
  [[nodiscard]] std::string operation_at(const std::string& kind, int place) const {
    return scalar("select id from devy.operation where kind = '" + kind +
                  "' order by arrival desc offset " + std::to_string(place) + " limit 1");
  }

  mutable std::string confirmed_;  // the form that was sent last
};

TEST_F(BulkActs, WorksByTheKeysAndWithoutScript) {
  make(3, "failed", "few");
  make(150, "verified", "many");
  const char* kept = std::getenv("DEVY_SCREENSHOTS");
  auto lines = run_peer("use_console.mjs", {url(), url() + login_path("ada"),
                                            kept != nullptr ? kept : folder_ / "screenshots"});
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(lines.back().starts_with("used the console, ")) << lines.back();
  lines.pop_back();
  EXPECT_EQ(lines, std::vector<std::string>{});
  EXPECT_EQ(scalar("select string_agg(act || ' ' || count || ' ' || reason, '; ' order by id) from "
                   "audit where act like 'bulk.%'"),
            "bulk.replay 1 the disk has room again; bulk.cancel 150 the wrong list; bulk.replay 1 "
            "without a script");
  EXPECT_EQ(scalar("select count(*) from operation where kind = 'many' and state = 'cancelled'"),
            "150");
  EXPECT_EQ(scalar("select count(*) from operation where kind = 'few' and replays = 1"), "2");
}

TEST_F(BulkActs, GoesOnWhereAKilledWorkerWas) {
  make(10'001, "failed", "crowd");
  make(250, "verified", "many");
  make(250, "verified", "more");
  const auto operator_ = log_in("ada"), user = log_in("user1");
  EXPECT_EQ(post("/operations", user, "/account", "act=replay&as_of=9").status, 404);
  const auto crowd = act_on_all(operator_, "crowd", "replay", 0);
  EXPECT_EQ(crowd.status, 422);
  EXPECT_NE(crowd.body.find("Add a filter to the list"), std::string::npos) << crowd.body;
  auto held = hold(operation_at("many", 120));
  const auto sent = act_on_all(operator_, "many", "cancel", 250);
  ASSERT_EQ(sent.status, 303) << sent.body;
  const auto id = location_of(sent).substr(std::string("/operations/").size());
  const auto reached = "select count(*) from bulk_item where result is not null and bulk_id = '";
  wait_for_row(reached + id + "'", "100");
  EXPECT_NE(get("/operations/" + id, operator_).body.find("100 of 250 reached, 100 done."),
            std::string::npos);
  // The same form once more does nothing, and leads to the same page.
  EXPECT_EQ(location_of(post("/operations", operator_, "/operations", confirmed_)),
            location_of(sent));
  ASSERT_EQ(::kill(worker_of(id), SIGKILL), 0);
  held.reset();
  wait_for_row("select state from operation where id = '" + id + "'", "completed");
  EXPECT_EQ(scalar(reached + id + "'"), "250");
  EXPECT_EQ(scalar("select count(*) from operation_event e join operation o on o.id = "
                   "e.operation_id where o.kind = 'many' and e.state = 'cancelled'"),
            "250");
  EXPECT_EQ(scalar("select count(*) from audit where act = 'bulk.cancel'"), "1");
  EXPECT_EQ(
      faults_of_pages(url(), {{"/operations/" + id, "bulk-operation"}}, url() + login_path("ada")),
      std::vector<std::string>{});

  // One that is cancelled leaves the rest as it is.
  auto again = hold(operation_at("more", 120));
  const auto other = act_on_all(operator_, "more", "cancel", 250);
  const auto other_id = location_of(other).substr(std::string("/operations/").size());
  wait_for_row(reached + other_id + "'", "100");
  EXPECT_EQ(post("/operations/" + other_id + "/act", operator_, "/account",
                 "act=cancel&confirmed=1&reason=enough")
                .status,
            303);
  again.reset();
  wait_for_row("select state from operation where id = '" + other_id + "'", "cancelled");
  EXPECT_EQ(scalar("select count(*) filter (where state = 'verified') > 0 and count(*) filter "
                   "(where state = 'cancelled') >= 100 from operation where kind = 'more'"),
            "t");
  EXPECT_EQ(scalar("select count(*) from bulk_item where result is null and bulk_id = '" +
                   other_id + "'"),
            scalar("select count(*) from operation where kind = 'more' and state = 'verified'"));
}

}  // namespace bulk_test
}  // namespace devy::testing
