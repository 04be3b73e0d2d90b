// The routes of gists over real sockets: those of the original as its clients type them, and ours.
// Sessions have the rights of devy_web.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "core/gists/store/user_store.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/schema/role_store.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/gists_api.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/token/site_token.hpp"

namespace devy::daemon {
namespace gists_routes_test {

constexpr const char* gists_secret = "the secret that tokens are signed with";

// A gist of a user with two files, as a scan stores it.
constexpr const char* store_gist = R"sql(
  set search_path = devy;
  select gist_store(id, md5(random()::text), null, '', now(), now(), false, null) from tracked_user;
  select gist_version_store(t.id, g.id, null, name, repeat('a', 40), 1, null, null, 'https://raw/' || name, 'x',
                            'whole', null, '', 'activity', 'update')
    from tracked_user t
    join gist g on g.tracked_user_id = t.id and not exists (select from gist_file f where f.gist_id = g.id)
    cross join (values ('a.txt'), ('b.txt')) n (name))sql";

class GistsRoutes : public ::testing::Test {
 protected:
  GistsRoutes() {
    base::log::configure(base::log::Level::error, base::log::Format::logfmt);
    config_.gists.enabled = true;
    const auto key_file = folder_ / "key";
    testing::write_text(key_file, std::string(gists_secret) + "\n");
    ::chmod(key_file.c_str(), 0600);
    config_.api.keys = {"site HS256 " + key_file};
    config_.api.account_requests_per_minute = 0;
    config_.api.issuer = "https://devy.example";
    config_.api.audience = "devy-upload";
    auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
    schema::grant_roles(connection);
    database_.execute(
        "insert into devy.account (username, is_operator) values ('olga', true), ('carol', false)");
  }
  ~GistsRoutes() override { thread_ = {}; }

  void start() {
    sessions_ = std::make_unique<SessionPool>(database_.conninfo() + " options='-c role=devy_web'",
                                              config_.database, "web");
    std::vector<base::Descriptor> sockets;
    sockets.push_back(server::bind_socket("127.0.0.1:0"));
    address_ = server::address_of(sockets.front().get());
    api_ = std::make_unique<GistsApi>(config_, *sessions_, counters_,
                                      std::vector<std::string>{"https://devy.example"});
    server_ = std::make_unique<server::HttpServer>(server::ServerSettings{.name = "web"},
                                                   api_->routes(), std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
  }
  [[nodiscard]] testing::RawAnswer ask(const std::string& method, const std::string& target,
                                       const std::string& who = {}, const std::string& body = {},
                                       testing::RawHeaders headers = {}) const {
    if (!who.empty())
      headers.emplace_back("Authorization", "Bearer " + testing::site_token(gists_secret, who));
    return testing::send_request(address_, method, target, headers, body);
  }
  // "201 {…}" of a line of curl, with this server's port.
  [[nodiscard]] std::string curl(std::vector<std::string> arguments) const {
    testing::ProgramCall call;
    call.program = "/usr/bin/curl";
    call.arguments = std::move(arguments);
    call.arguments.insert(call.arguments.end(), {"-s", "-w", "%{http_code}"});
    const auto out = testing::run_program(call).out;
    const auto text = out.substr(0, out.size() - 3);
    const auto status = out.substr(out.size() - 3);
    if (!nlohmann::json::accept(text)) return status + " " + text;
    return status + " " + nlohmann::json::parse(text).dump();
  }

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  config::Config config_;
  std::string address_;
  std::unique_ptr<SessionPool> sessions_;
  WebCounters counters_;
  std::unique_ptr<GistsApi> api_;
  std::unique_ptr<server::HttpServer> server_;
  std::jthread thread_;
};

TEST_F(GistsRoutes, AnswersTheOriginalsLinesAsTheyStandTwice) {
  start();
  const auto host = "http://localhost" + address_.substr(address_.rfind(':'));
  EXPECT_EQ(curl({host + "/users"}), "200 []");
  EXPECT_EQ(curl({"-X", "POST", host + "/users/Octocat/42"}), R"(201 {"id":42,"login":"octocat"})");
  EXPECT_EQ(curl({"-X", "POST", host + "/users/octocat/42"}), R"(200 {"id":42,"login":"octocat"})");
  EXPECT_EQ(curl({host + "/users"}), R"(200 [{"id":42,"login":"octocat"}])");
  EXPECT_EQ(curl({host + "/health"}), "200 Alive");
  EXPECT_EQ(curl({"-X", "POST", host + "/latestgists/octocat"}), "200 []");
  database_.execute(store_gist);
  const auto found = curl({"-X", "POST", host + "/latestgists/octocat"});
  EXPECT_NE(found.find(R"("filename":"a.txt")"), found.npos) << found;
  EXPECT_NE(found.find(R"("owner":"octocat","raw_url":"https://raw/b.txt")"), found.npos) << found;
  EXPECT_EQ(curl({"-X", "POST", host + "/latestgists/octocat"}), "200 []");
  EXPECT_EQ(curl({"-X", "POST", host + "/latestgists/nobody"}), R"(404 {"error":"not_tracked"})");
}

TEST_F(GistsRoutes, RefusesUsersThatCannotBeTracked) {
  start();
  EXPECT_EQ(ask("POST", "/users/alice/1").status, 201);
  for (const auto& [target, status, code] : std::vector<std::tuple<std::string, int, std::string>>{
           {"/users/a%20b/2", 400, "invalid_login"},
           {"/users/" + std::string(40, 'a') + "/2", 400, "invalid_login"},
           {"/users/bob/" + std::string(65, '1'), 400, "invalid_id"},
           {"/users/alice/2", 409, "login_tracked"},
           {"/users/bob/1", 409, "id_taken"}}) {
    const auto answer = ask("POST", target);
    EXPECT_EQ(answer.status, status) << target;
    EXPECT_EQ(nlohmann::json::parse(answer.body)["error"], code) << target;
  }
}

TEST_F(GistsRoutes, WritesIdsAsNumbersOnlyWhereNoReaderRoundsThem) {
  start();
  for (const char* target :
       {"/users/a/123456789012345", "/users/b/1234567890123456", "/users/c/007", "/users/d/x7"})
    EXPECT_EQ(ask("POST", target).status, 201);
  EXPECT_EQ(nlohmann::json::parse(ask("GET", "/users").body).dump(),
            R"([{"id":123456789012345,"login":"a"},{"id":"1234567890123456","login":"b"},)"
            R"({"id":"007","login":"c"},{"id":"x7","login":"d"}])");
}

TEST_F(GistsRoutes, GivesAVisitAgainByItsKeyAndItsNumber) {
  start();
  EXPECT_EQ(ask("POST", "/v1/gists/users", {}, R"({"login":"alice","id":7})").status, 201);
  database_.execute(store_gist);
  const testing::RawHeaders key{{"Idempotency-Key", "k"}};
  const auto first = ask("POST", "/v1/gists/users/alice/visits?edits=true", {}, {}, key);
  EXPECT_EQ(first.status, 201);
  const auto document = nlohmann::json::parse(first.body);
  EXPECT_EQ(document["gists"].size(), 2U);
  EXPECT_EQ(ask("POST", "/v1/gists/users/alice/visits?edits=true", {}, {}, key).body, first.body);
  const auto path = "/v1/gists/users/alice/visits/" + document["session"].dump();
  EXPECT_EQ(ask("GET", path).body, first.body);
  EXPECT_EQ(ask("GET", path, "carol").status, 404) << "it is another visitor's";
  EXPECT_EQ(ask("POST", "/v1/gists/users/alice/visits?edits=maybe").status, 400);
}

TEST_F(GistsRoutes, LetsOpenNetworksAndOperatorsTrackAndNobodyElse) {
  config_.gists.open_networks = {"10.0.0.0/8"};
  start();
  EXPECT_EQ(ask("GET", "/users").status, 401);
  EXPECT_EQ(ask("POST", "/users/alice/1").status, 401);
  EXPECT_EQ(ask("POST", "/users/alice/1", "carol").status, 403);
  EXPECT_EQ(ask("POST", "/users/alice/1", "olga").status, 201);
  EXPECT_EQ(ask("GET", "/v1/gists/users", "carol").status, 200);
  EXPECT_EQ(ask("POST", "/latestgists/alice", "carol").status, 200);
  EXPECT_EQ(ask("DELETE", "/v1/gists/users/alice", "carol").status, 403);
  EXPECT_EQ(ask("DELETE", "/v1/gists/users/alice", "olga").status, 204);
  EXPECT_EQ(ask("POST", "/latestgists/alice", "carol").status, 404);
  EXPECT_EQ(database_.scalar("select string_agg(visitor, ' ') from devy.gist_visitor"),
            "token:site/carol");
  EXPECT_EQ(
      database_.scalar("select string_agg(actor || ' ' || act, ', ' order by id) from devy.audit"),
      "api:olga gist.track, api:olga gist.untrack");
}

TEST_F(GistsRoutes, RefusesAPageOfAnotherSite) {
  start();
  EXPECT_EQ(ask("POST", "/users/alice/1", {}, {}, {{"Origin", "https://evil.example"}}).status,
            403);
  EXPECT_EQ(database_.scalar("select count(*) from devy.tracked_user"), "0");
}

TEST_F(GistsRoutes, HasNoneWhereGistsAreSwitchedOff) {
  config_.gists.enabled = false;
  start();
  EXPECT_EQ(ask("GET", "/users").status, 404);
  EXPECT_EQ(ask("GET", "/health").body, "Alive");
}

}  // namespace gists_routes_test
}  // namespace devy::daemon
