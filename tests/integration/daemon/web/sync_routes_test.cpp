// The API of projects and tasks over real sockets, against the document that describes it, both
// ways. Sessions have the rights of devy_web.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "core/platform/base/log.hpp"
#include "core/platform/schema/role_store.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/sync_api.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/token/site_token.hpp"

namespace devy::daemon {
namespace sync_routes_test {

using Document = nlohmann::ordered_json;

constexpr const char* sync_secret = "the secret that tokens are signed with";

class SyncRoutes : public ::testing::Test {
 protected:
  SyncRoutes() {
    base::log::configure(base::log::Level::error, base::log::Format::logfmt);
    config_.sync.enabled = true;
    const auto key_file = folder_ / "key";
    testing::write_text(key_file, std::string(sync_secret) + "\n");
    ::chmod(key_file.c_str(), 0600);
    config_.api.keys = {"site HS256 " + key_file};
    config_.api.account_requests_per_minute = 0;
    config_.api.issuer = "https://devy.example";
    config_.api.audience = "devy-upload";
    auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
    schema::grant_roles(connection);
    database_.execute(
        "insert into devy.account (username, is_operator, github_id) values ('alice', false, 11), "
        "('bob', false, 12), ('olga', true, 13)");
    start();
  }
  ~SyncRoutes() override { thread_ = {}; }

  void start() {
    sessions_ = std::make_unique<SessionPool>(database_.conninfo() + " options='-c role=devy_web'",
                                              config_.database, "web");
    std::vector<base::Descriptor> sockets;
    sockets.push_back(server::bind_socket("127.0.0.1:0"));
    address_ = server::address_of(sockets.front().get());
    api_ = std::make_unique<SyncApi>(config_, *sessions_, counters_,
                                     std::vector<std::string>{"https://devy.example"});
    server_ = std::make_unique<server::HttpServer>(server::ServerSettings{.name = "web"},
                                                   api_->routes(), std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
  }
  [[nodiscard]] static std::string token_of(const std::string& who) {
    return testing::site_token(sync_secret, who);
  }
  [[nodiscard]] testing::RawAnswer ask(const std::string& method, const std::string& target,
                                       const std::string& who, const std::string& body = {},
                                       testing::RawHeaders headers = {}) const {
    headers.emplace_back("Authorization", "Bearer " + token_of(who));
    return testing::send_request(address_, method, target, headers, body);
  }
  [[nodiscard]] Document json(const std::string& method, const std::string& target,
                              const std::string& who, const std::string& body = {}) const {
    return Document::parse(ask(method, target, who, body).body, nullptr, false);
  }

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  config::Config config_;
  std::string address_;
  std::unique_ptr<SessionPool> sessions_;
  WebCounters counters_;
  std::unique_ptr<SyncApi> api_;
  std::unique_ptr<server::HttpServer> server_;
  std::jthread thread_;
};

TEST_F(SyncRoutes, AnswersAsItsOpenApiDocumentSays) {
  const auto lines = testing::run_peer(
      "sync_openapi.mjs", {"http://" + address_, token_of("alice"), token_of("bob"), "77"});
  ASSERT_FALSE(lines.empty());
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    ADD_FAILURE() << lines[i];
  EXPECT_TRUE(lines.back().starts_with("asked ")) << lines.back();
  // Every route of the API is in the document.
  const auto document = json("GET", "/v1/sync/openapi.json", "alice");
  std::size_t declared = 0;
  for (const auto& [path, item] : document["paths"].items())
    declared += item.size();
  EXPECT_EQ(declared, api_->routes().size());
}

TEST_F(SyncRoutes, HidesPrivateProjectsFromStrangers) {
  EXPECT_EQ(ask("POST", "/v1/projects", "alice", R"({"slug":"plans","is_private":true})").status,
            201);
  const auto task = json("POST", "/v1/projects/alice/plans/tasks", "alice", R"({"title":"A"})");
  const auto own = "/v1/tasks/" + task["id"].get<std::string>();
  EXPECT_EQ(ask("GET", "/v1/projects/alice/plans", "bob").status, 404);
  EXPECT_EQ(ask("GET", own, "bob").status, 404);
  EXPECT_EQ(ask("GET", own + "/versions", "bob").status, 404);
  EXPECT_EQ(json("GET", "/v1/projects", "bob")["projects"].size(), 0U);
  // A member sees it, and adds; what is another's he does not change.
  EXPECT_EQ(ask("PUT", "/v1/projects/alice/plans/members/bob", "alice", "{}").status, 200);
  EXPECT_EQ(ask("GET", own, "bob").status, 200);
  EXPECT_EQ(ask("PATCH", own, "bob", R"({"title":"B"})", {{"If-Match", "\"1\""}}).status, 403);
  EXPECT_EQ(ask("DELETE", own, "bob").status, 403);
  EXPECT_EQ(ask("POST", own + "/comments", "bob", R"({"body":"Well."})").status, 201);
  EXPECT_EQ(ask("DELETE", "/v1/projects/alice/plans", "bob").status, 403);
  // An operator may all; one without an account nothing.
  EXPECT_EQ(ask("PATCH", own, "olga", R"({"title":"C"})", {{"If-Match", "\"1\""}}).status, 200);
  EXPECT_EQ(ask("GET", "/v1/projects", "nobody").status, 403);
}

TEST_F(SyncRoutes, ChangesOnlyTheVersionThatWasSeen) {
  EXPECT_EQ(ask("POST", "/v1/projects", "alice", R"({"slug":"plans"})").status, 201);
  const auto made = ask("POST", "/v1/projects/alice/plans/tasks", "alice", R"({"title":"A"})",
                        {{"Idempotency-Key", "once"}});
  EXPECT_EQ(made.status, 201);
  const auto again = ask("POST", "/v1/projects/alice/plans/tasks", "alice", R"({"title":"A"})",
                         {{"Idempotency-Key", "once"}});
  EXPECT_EQ(Document::parse(again.body)["id"], Document::parse(made.body)["id"]);
  const auto own = "/v1/tasks/" + Document::parse(made.body)["id"].get<std::string>();
  EXPECT_EQ(ask("PATCH", own, "alice", R"({"title":"B"})").status, 428);
  const auto changed = ask("PATCH", own, "alice", R"({"title":"B"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(Document::parse(changed.body)["version"], 2);
  const auto late = ask("PATCH", own, "alice", R"({"title":"C"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(Document::parse(late.body)["title"], "B");
  // Whoever knows how it stands hears nothing before it stands otherwise.
  const auto mark = json("GET", own + "/sync", "alice")["n"].get<std::string>();
  EXPECT_EQ(ask("GET", own + "/sync?after=" + mark, "alice").status, 204);
  EXPECT_EQ(ask("PATCH", own, "alice", R"({"title":"D"})", {{"If-Match", "\"2\""}}).status, 200);
  EXPECT_EQ(ask("GET", own + "/sync?after=" + mark, "alice").status, 200);
}

TEST_F(SyncRoutes, IsNotThereWhereSyncIsOff) {
  config_.sync.enabled = false;
  EXPECT_EQ(ask("GET", "/v1/projects", "alice").status, 404);
}

}  // namespace sync_routes_test
}  // namespace devy::daemon
