// The console as people meet it: every page in a real Chromium, as an operator and as a user, in
// light and dark, wide and narrow, with and without script. DEVY_SCREENSHOTS=<folder> keeps a
// picture of each.

#include <cstdlib>

#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::testing {
namespace console_test {

struct Visited {
  std::string name, path;
  int status = 200;
};

class Console : public ConsoleFixture {
 protected:
  // What is wrong with the pages, a line each.
  [[nodiscard]] std::vector<std::string> visit(const std::vector<Visited>& pages,
                                               const std::string& username) const {
    std::string list;
    for (const auto& page : pages)
      list += (list.empty() ? "[" : ",") + ("{\"name\":\"" + username + "-" + page.name) +
              "\",\"path\":\"" + page.path + "\",\"status\":" + std::to_string(page.status) + "}";
    const auto file = folder_ / (username + "-pages.json");
    write_text(file, list + "]");
    const char* kept = std::getenv("DEVY_SCREENSHOTS");
    const std::string screenshots = kept != nullptr ? kept : folder_ / "screenshots";
    auto lines =
        run_peer("visit_pages.mjs", {url(), file, screenshots, url() + login_path(username)});
    if (lines.empty()) return {"nothing was visited"};
    if (lines.back().starts_with("visited ")) lines.pop_back();
    return lines;
  }
};

TEST_F(Console, ShowsEveryPageToAnOperator) {
  const auto id = trigger("user1/blog");
  wait_until_ended(daemon(), id, 1, "completed");
  EXPECT_EQ(visit({{"overview", "/"},
                   {"operations", "/operations"},
                   {"operations-failed", "/operations?state=failed&kind=upload"},
                   {"operation", "/operations/" + id},
                   {"blogs", "/blogs"},
                   {"blog", "/blogs/user1/blog"},
                   {"deliveries", "/deliveries"},
                   {"queue", "/queue"},
                   {"queue-30d", "/queue?range=30d"},
                   {"pause", "/queue/pause?kind=upload"},
                   {"workers", "/workers"},
                   {"audit", "/audit"},
                   {"account", "/account"},
                   {"nothing", "/nothing-here", 404}},
                  "ada"),
            std::vector<std::string>{});
}

TEST_F(Console, ShowsAUserWhatIsHis) {
  const auto id = trigger("user1/blog");
  wait_until_ended(daemon(), id, 1, "completed");
  EXPECT_EQ(visit({{"overview", "/"},
                   {"operations", "/operations"},
                   {"operation", "/operations/" + id},
                   {"blogs", "/blogs"},
                   {"blog", "/blogs/user1/blog"},
                   {"connect", "/blogs/connect"},
                   {"disconnect", "/blogs/user1/blog/disconnect"},
                   {"account", "/account"},
                   {"workers", "/workers", 404}},
                  "user1"),
            std::vector<std::string>{});
  const auto browser = log_in("user1");
  EXPECT_EQ(get("/operations", browser).body.find("user2"), std::string::npos);
  EXPECT_EQ(get("/blogs", browser).body.find("user2"), std::string::npos);
}

}  // namespace console_test
}  // namespace devy::testing
