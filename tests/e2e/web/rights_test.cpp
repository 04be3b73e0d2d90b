// Who may do what in the browser: each row of the table of pages, as each role; and what is an
// act of somebody else's page.

#include <chrono>

#include "daemon/web/page.hpp"
#include "tests/e2e/web/console_fixture.hpp"

namespace devy::testing {
namespace rights_test {

using daemon::Right;

class WebGuard : public ConsoleFixture {
 protected:
  [[nodiscard]] std::string upload_of(const std::string& username) const {
    return database_.scalar(
        "select o.id from operation o join resource r on r.id = o.resource_id where r.owner = '" +
        username + "' order by o.arrival limit 1");
  }
  // The path with something that is there in place of each "*".
  [[nodiscard]] std::string path_of(std::string_view pattern, const std::string& username) const {
    const std::string path(pattern);
    if (path.starts_with("/operations/"))
      return "/operations/" + upload_of(username) +
             path.substr(std::string("/operations/*").size());
    if (path.starts_with("/blogs/*"))
      return "/blogs/" + username + "/blog" + path.substr(std::string("/blogs/*/*").size());
    return path;
  }
};

// The table as `web routes --json` prints it, without blanks.
std::string table_as_json() {
  std::string routes;
  for (const auto& page : daemon::page_table())
    routes += (routes.empty() ? "{\"method\":\"" : ",{\"method\":\"") + std::string(page.method) +
              "\",\"path\":\"" + std::string(page.path) + "\",\"right\":\"" +
              std::string(to_string(page.right)) + "\"}";
  return "[" + routes + "]";
}

TEST_F(WebGuard, HoldsEachPageToEachRole) {
  auto listed = run_command({"web", "routes", "--json"});
  std::erase_if(listed, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_EQ(listed, table_as_json());
  const auto operator_ = log_in("ada"), user = log_in("user1");
  int checked = 0;
  for (const auto& page : daemon::page_table()) {
    if (page.method != "GET" || page.right == Right::anyone) continue;
    const auto own = path_of(page.path, "user1");
    if (own.find('*') != std::string::npos) continue;  // deliveries: there is none here
    ++checked;
    SCOPED_TRACE(own);
    const auto anonymous = get(own);
    EXPECT_EQ(anonymous.status, 303);
    EXPECT_TRUE(location_of(anonymous).starts_with("/login?next="));
    // A search leads on.
    const int shown = page.path == "/search" ? 303 : 200;
    EXPECT_EQ(get(own, user).status, page.right == Right::operator_ ? 404 : shown);
    EXPECT_EQ(get(own, operator_).status, shown);
    const auto others = path_of(page.path, "user2");
    if (others != own) {
      EXPECT_EQ(get(others, user).status, 404);
    }
  }
  EXPECT_GE(checked, 8);
}

TEST_F(WebGuard, AsksEachActForASession) {
  for (const auto& page : daemon::page_table()) {
    if (page.method != "POST") continue;
    const auto path = path_of(page.path, "user1");
    if (path.find('*') != std::string::npos) continue;
    const auto act = [&] {
      return post_bare(path, {}, "act=cancel", {{"Sec-Fetch-Site", "same-origin"}}).status;
    };
    // There are more acts than one address may try at once: the limit lets one go each second.
    auto status = act();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (status == 429 && std::chrono::steady_clock::now() < until)
      status = act();
    EXPECT_EQ(status, 403) << path;
  }
}

TEST_F(WebGuard, RefusesActsOfOtherPages) {
  const auto user = log_in("user1");
  const auto page = "/operations/" + upload_of("user1");
  const auto act = page + "/act";
  const auto token = csrf_in(get(page, user).body);
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(post_bare(act, user, "act=replay", {{"Sec-Fetch-Site", "same-origin"}}).status, 403);
  EXPECT_EQ(post_bare(act, user, "act=replay&_csrf=" + token).status, 403);
  EXPECT_EQ(
      post_bare(act, user, "act=replay&_csrf=" + token, {{"Sec-Fetch-Site", "cross-site"}}).status,
      403);
  EXPECT_EQ(
      post_bare(act, user, "act=replay&_csrf=" + token, {{"Origin", "https://elsewhere.example"}})
          .status,
      403);
  const auto other = csrf_in(get("/account", log_in("user2")).body);
  EXPECT_EQ(
      post_bare(act, user, "act=replay&_csrf=" + other, {{"Sec-Fetch-Site", "same-origin"}}).status,
      403);
  EXPECT_EQ(database_.scalar("select count(*) from audit where act like 'operation.%'"), "0");
  // From a page of ours it is done, also where a browser sends its origin alone.
  EXPECT_EQ(post_bare(act, user, "act=replay&_csrf=" + token, {{"Origin", url()}}).status, 303);
}

TEST_F(WebGuard, LetsNobodyActOnWhatIsNotHis) {
  const auto user = log_in("user1");
  const auto theirs = "/operations/" + upload_of("user2") + "/act";
  EXPECT_EQ(post(theirs, user, "/account", "act=replay").status, 404);
  EXPECT_EQ(post("/blogs/user2/blog/act", user, "/account", "act=trigger").status, 404);
  // Forcing is an operator's, also over one's own.
  EXPECT_EQ(
      post("/operations/" + upload_of("user1") + "/act", user, "/account", "act=force").status,
      404);
}

TEST_F(WebGuard, WritesEachActIntoTheAudit) {
  const auto user = log_in("user1");
  const auto id = upload_of("user1");
  const auto done = post("/operations/" + id + "/act", user, "/operations/" + id, "act=replay");
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(location_of(done), "/operations/" + id + "?done=replayed");
  EXPECT_EQ(database_.scalar("select actor || ' ' || target from audit where act = "
                             "'operation.replay'"),
            "web:user1 " + id);
  wait_until_ended(daemon(), id, 2, "completed");
  EXPECT_NE(get(location_of(done), user).body.find("It waits for a worker again."),
            std::string::npos);
}

TEST_F(WebGuard, AsksForAReasonBeforeACancel) {
  const auto user = log_in("user1");
  push_post(1, "held.md");  // an upload of nothing new fetches nothing
  const auto id = trigger_and_hold("user1/blog");
  const auto act = "/operations/" + id + "/act";
  const auto page = "/operations/" + id;
  const auto asked = post(act, user, page, "act=cancel");
  EXPECT_EQ(asked.status, 200);
  EXPECT_NE(asked.body.find("Cancel this operation?"), std::string::npos);
  const auto empty = post(act, user, page, "act=cancel&confirmed=1&reason=%20");
  EXPECT_EQ(empty.status, 422);
  EXPECT_NE(empty.body.find("Say why"), std::string::npos);
  const auto done = post(act, user, page, "act=cancel&confirmed=1&reason=wrong+branch");
  EXPECT_EQ(done.status, 303) << done.body;
  door_.open();
  wait_until_ended(daemon(), id, 1, "cancelled");
  EXPECT_EQ(database_.scalar("select reason from audit where act = 'operation.cancel'"),
            "wrong branch");
}

TEST_F(WebGuard, LeadsASearchToWhatOneMaySee) {
  const auto operator_ = log_in("ada"), user = log_in("user1");
  const auto own = upload_of("user1"), others = upload_of("user2");
  EXPECT_EQ(location_of(get("/search?q=" + own.substr(0, 12), user)), "/operations/" + own);
  EXPECT_EQ(location_of(get("/search?q=" + others.substr(0, 12), user)),
            "/operations?code=" + others.substr(0, 12));
  EXPECT_EQ(location_of(get("/search?q=" + others, operator_)), "/operations/" + others);
  EXPECT_EQ(location_of(get("/search?q=user1/blog", user)), "/blogs/user1/blog");
  EXPECT_EQ(location_of(get("/search?q=user2/blog", user)), "/operations?code=user2%2Fblog");
}

TEST_F(WebGuard, LetsAnOperatorPauseTheQueueWithAReason) {
  const auto operator_ = log_in("ada"), user = log_in("user1");
  EXPECT_EQ(post("/queue/pause", user, "/account", "act=pause&reason=x").status, 404);
  EXPECT_EQ(post("/queue/pause", operator_, "/queue/pause", "act=pause&reason=").status, 422);
  EXPECT_EQ(post("/queue/pause", operator_, "/queue/pause", "act=pause&reason=disk").status, 303);
  EXPECT_EQ(database_.scalar("select reason from queue_control"), "web:ada: disk");
  EXPECT_EQ(post("/queue/pause", operator_, "/queue/pause", "act=resume&reason=done").status, 303);
  EXPECT_EQ(database_.scalar("select count(*) from queue_control where paused_until is null"), "1");
}

TEST_F(WebGuard, LetsAnOperatorPauseAKindAndAResource) {
  const auto operator_ = log_in("ada");
  EXPECT_EQ(get("/queue/pause?kind=no_such", operator_).status, 400);
  EXPECT_EQ(get("/queue/pause?resource=999999", operator_).status, 404);
  const auto page = get("/queue/pause?kind=upload", operator_);
  EXPECT_NE(page.body.find("Pause kind upload?"), std::string::npos);
  EXPECT_EQ(
      post("/queue/pause", operator_, "/queue/pause", "act=pause&kind=upload&reason=disk").status,
      303);
  EXPECT_NE(run_command({"queue", "stats"}).find("kind upload is paused"), std::string::npos);
  const auto id = trigger("user1/blog");
  EXPECT_NE(get("/operations/" + id, operator_).body.find("Operations of this kind are paused"),
            std::string::npos);
  static_cast<void>(run_command({"queue", "resume", "--kind", "upload"}));
  wait_until_ended(daemon(), id, 1, "completed");
  // The list counts what there is of each state.
  EXPECT_NE(get("/operations", operator_).body.find("Completed<b>3</b>"), std::string::npos);
  EXPECT_NE(get("/operations?kind=bulk", operator_).body.find("Completed<b>0</b>"),
            std::string::npos);

  const auto resource =
      database_.scalar("select resource_id from operation where id = '" + id + "'");
  const auto form = "&resource=" + resource + "&reason=moving";
  EXPECT_EQ(post("/queue/pause", operator_, "/queue/pause", "act=pause" + form).status, 303);
  EXPECT_NE(get("/operations/" + id, operator_).body.find("Resume…"), std::string::npos);
  EXPECT_EQ(post("/queue/pause", operator_, "/queue/pause", "act=resume" + form).status, 303);
  EXPECT_EQ(database_.scalar("select count(*) from resource where paused_until is not null"), "0");
  EXPECT_EQ(database_.scalar("select string_agg(act || ' ' || target, ', ' order by id) from audit "
                             "where act like 'queue.%' and target like 'kind%'"),
            "queue.pause kind upload, queue.resume kind upload");
}

TEST_F(WebGuard, EndsWithTheSession) {
  const auto user = log_in("user1"), elsewhere = log_in("user1");
  EXPECT_EQ(get("/account", elsewhere).status, 200);
  EXPECT_EQ(post("/account", user, "/account", "act=end_others").status, 303);
  EXPECT_EQ(get("/account", elsewhere).status, 303);
  EXPECT_EQ(get("/account", user).status, 200);
  EXPECT_EQ(post("/account", user, "/account", "act=logout").status, 303);
  EXPECT_EQ(get("/account", user).status, 303);
}

TEST_F(WebGuard, LetsAnAddressLogInOnce) {
  const auto path = login_path("user1");
  EXPECT_EQ(get(path).status, 303);
  const auto again = get(path);
  EXPECT_EQ(again.status, 403);
  EXPECT_NE(again.body.find("was used before"), std::string::npos);
  EXPECT_EQ(get("/login/link/made-up").status, 403);
  // Where it leads afterwards is a path of this site.
  EXPECT_EQ(location_of(get(login_path("user1") + "?next=%2F%2Felsewhere.example")), "/");
  EXPECT_EQ(location_of(get(login_path("user1") + "?next=%2Foperations%3Fstate%3Dfailed")),
            "/operations?state=failed");
}

}  // namespace rights_test
}  // namespace devy::testing
