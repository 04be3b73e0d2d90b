#include "tests/integration/daemon/web/mirror_routes_fixture.hpp"

#include <sys/stat.h>

#include <stdexcept>

#include "core/mirror/store/change_store.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/schema/role_store.hpp"
#include "core/systems_run.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"
#include "tests/support/token/site_token.hpp"

namespace devy::daemon {
MirrorRoutes::MirrorRoutes() {
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  github_.control(R"([
    {"do": "fill", "repository": "alice/notes", "issues": 5, "pulls": 2, "labels": 3, "milestones": 1,
     "users": 2, "files_per_pull": 1, "seed": 3},
    {"do": "fill", "repository": "alice/secret", "issues": 2, "labels": 1, "seed": 4},
    {"do": "privatise_repository", "repository": "alice/secret"},
    {"do": "create_user", "login": "bob"},
    {"do": "token", "token": "ghp_alice", "user": "alice", "scopes": ["repo"]},
    {"do": "token", "token": "ghp_alice_hooks", "user": "alice", "scopes": ["repo", "admin:repo_hook"]},
    {"do": "token", "token": "ghp_alice_gists", "user": "alice", "scopes": ["gist"]},
    {"do": "token", "token": "ghp_bob", "user": "bob", "scopes": ["repo"]},
    {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo", "admin:repo_hook"]}])");
  config_.mirror.enabled = true;
  config_.github.api_url = github_.url();
  config_.github.token_file = secret_file("token", "ghp_mirror");
  config_.github.token_for = {"alice"};
  config_.api.keys = {"site HS256 " + secret_file("key", site_secret)};
  config_.api.account_requests_per_minute = 0;
  config_.api.issuer = "https://devy.example";
  config_.api.audience = "devy-upload";
  auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
  schema::grant_roles(connection);
  static_cast<void>(mirror::cursor_of_now(connection));  // the feed begins in this database
  const auto state = Document::parse(github_.state());
  const auto user = [&](const char* login) {
    for (const auto& one : state["users"])
      if (one["login"] == login) return one["id"].dump();
    throw std::runtime_error(std::string("no user ") + login);
  };
  execute("insert into account (username, github_id) values ('alice', " + user("alice") +
          "), ('bob', " + user("bob") + "), ('carol', null)");
}

MirrorRoutes::~MirrorRoutes() {
  if (api_) api_->end_waits();
  thread_ = {};
}

void MirrorRoutes::start() {
  sessions_ = std::make_unique<SessionPool>(database_.conninfo() + " options='-c role=devy_web'",
                                            config_.database, "web");
  std::vector<base::Descriptor> sockets;
  sockets.push_back(server::bind_socket("127.0.0.1:0"));
  address_ = server::address_of(sockets.front().get());
  api_ = std::make_unique<MirrorApi>(config_, *sessions_, counters_,
                                     std::vector<std::string>{"https://devy.example"});
  server_ = std::make_unique<server::HttpServer>(server::ServerSettings{.name = "web"},
                                                 api_->routes(), std::move(sockets));
  thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
}

void MirrorRoutes::run_operations() const {
  static_cast<void>(systems::run_here(
      database_.conninfo(), config_, {}, [](const queue::Progress&) {}, std::stop_token()));
}

void MirrorRoutes::fill() {
  for (const char* name : {"alice/notes", "alice/secret"})
    static_cast<void>(
        id_of(post("/load/repos/" + std::string(name) + "?children=true", "ghp_alice")));
  run_operations();
  execute("update github.repository set is_mirrored = true");
}

testing::RawAnswer MirrorRoutes::ask(const std::string& method, const std::string& target,
                                     const std::string& who, const std::string& body,
                                     testing::RawHeaders headers) const {
  if (!who.empty())
    headers.emplace_back(
        "Authorization",
        "Bearer " + (who.starts_with("ghp_") ? who : testing::site_token(site_secret, who)));
  return testing::send_request(address_, method, target, headers, body);
}

MirrorRoutes::Document MirrorRoutes::json_of(const testing::RawAnswer& answer) {
  return Document::parse(answer.body);
}

std::string MirrorRoutes::id_of(const testing::RawAnswer& answer) {
  if (answer.status != 202)
    throw std::runtime_error(std::to_string(answer.status) + " " + answer.body);
  return json_of(answer)["id"];
}

std::string MirrorRoutes::value(const std::string& sql) const {
  return database_.scalar("set search_path = devy; " + sql);
}

void MirrorRoutes::execute(const std::string& sql) const {
  database_.execute("set search_path = devy; " + sql);
}

void MirrorRoutes::wait_for(const std::string& condition) const {
  const auto until =
      std::chrono::steady_clock::now() + testing::time_factor * std::chrono::seconds(30);
  for (; value(condition) != "t"; testing::pause_before_looking_again())
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("not yet: " + condition);
}

std::string MirrorRoutes::secret_file(const std::string& name, const std::string& secret) const {
  const auto path = folder_ / name;
  testing::write_text(path, secret + "\n");
  ::chmod(path.c_str(), 0600);
  return path;
}

}  // namespace devy::daemon
