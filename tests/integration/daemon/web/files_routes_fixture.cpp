#include "tests/integration/daemon/web/files_routes_fixture.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "core/files/comparison/comparison.hpp"
#include "core/platform/base/base64.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/schema/role_store.hpp"
#include "tests/support/token/site_token.hpp"

namespace devy::daemon {
namespace {

constexpr const char* files_secret = "the secret that tokens are signed with";

}  // namespace

FilesRoutes::FilesRoutes() {
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  github_.control(R"([
    {"do": "create_user", "login": "alice"},
    {"do": "create_user", "login": "bob"},
    {"do": "token", "token": "ghp_alice", "user": "alice", "scopes": []},
    {"do": "token", "token": "gho_alice", "user": "alice", "scopes": []},
    {"do": "token", "token": "ghp_bob", "user": "bob", "scopes": []}])");
  config_.files.enabled = true;
  config_.files.directory = folder_ / "files";
  config_.files.free_bytes_min = 0;
  config_.files.creations_per_minute = 0;
  config_.github.api_url = github_.url();
  const auto key_file = folder_ / "key";
  testing::write_text(key_file, std::string(files_secret) + "\n");
  ::chmod(key_file.c_str(), 0600);
  config_.api.keys = {"site HS256 " + key_file};
  config_.api.account_requests_per_minute = 0;
  config_.api.issuer = "https://devy.example";
  config_.api.audience = "devy-upload";
  auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
  schema::grant_roles(connection);
  const auto storage = files::add_storage(connection, config_.files.node, config_.files.directory);
  storage::Disk::prepare(config_.files.directory, storage.instance);
  const auto state = Document::parse(github_.state());
  for (const auto& user : state["users"])
    if (user["login"] == "alice")
      execute("insert into account (username, github_id) values ('alice', " + user["id"].dump() +
              "), ('carol', null)");
}

FilesRoutes::~FilesRoutes() {
  thread_ = {};
}

void FilesRoutes::start() {
  sessions_ = std::make_unique<SessionPool>(database_.conninfo() + " options='-c role=devy_web'",
                                            config_.database, "web");
  std::vector<base::Descriptor> sockets;
  sockets.push_back(server::bind_socket("127.0.0.1:0"));
  address_ = server::address_of(sockets.front().get());
  api_ = std::make_unique<FilesApi>(config_, *sessions_, counters_,
                                    std::vector<std::string>{"https://devy.example"});
  server::ServerSettings settings{.name = "web"};
  settings.streams.streams_max = config_.files.streams_max;
  server_ =
      std::make_unique<server::HttpServer>(std::move(settings), api_->routes(), std::move(sockets));
  thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
}

testing::RawAnswer FilesRoutes::ask(const std::string& method, const std::string& target,
                                    const std::string& who, const std::string& body,
                                    testing::RawHeaders headers) const {
  if (!who.empty())
    headers.emplace_back(
        "Authorization",
        "Bearer " + (who.starts_with("gh") ? who : testing::site_token(files_secret, who)));
  return testing::send_request(address_, method, target, headers, body);
}

testing::RawAnswer FilesRoutes::put(const std::string& target, const std::string& name,
                                    const std::string& bytes, const std::string& who) const {
  return ask(
      "PUT", target, who,
      "[{\"filename\": \"" + name + "\", \"content\": \"" + base::encode_base64(bytes) + "\"}]",
      {{"Content-type", "application/json"}});
}

FilesRoutes::Document FilesRoutes::file_of(const testing::RawAnswer& answer) {
  if (answer.status / 100 != 2)
    throw std::runtime_error(std::to_string(answer.status) + " " + answer.body);
  return Document::parse(answer.body)["files"][0];
}

std::string FilesRoutes::value(const std::string& sql) const {
  return database_.scalar("set search_path = devy; " + sql);
}

void FilesRoutes::execute(const std::string& sql) const {
  database_.execute("set search_path = devy; " + sql);
}

std::string FilesRoutes::paths(const std::string& folder) const {
  const std::filesystem::path root(config_.files.directory + "/" + folder);
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (!entry.is_directory()) found.push_back(entry.path().lexically_relative(root).string());
  std::ranges::sort(found);
  std::string text;
  for (const auto& path : found)
    text += path + "\n";
  return text;
}

std::string FilesRoutes::differences() const {
  auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
  const auto storage = files::find_storage(connection, config_.files.node);
  const storage::Disk disk(config_.files.directory, storage.value().instance);
  const auto found = comparison::verify(connection, disk, {config_.files.node, {}, true});
  if (found.is_clean()) return "";
  return std::to_string(found.missing.size()) + " missing, " + std::to_string(found.extra.size()) +
         " extra, " + std::to_string(found.different.size()) + " different, " +
         std::to_string(found.quotas.size()) + " quotas, " + std::to_string(found.staging.size()) +
         " in staging";
}

}  // namespace devy::daemon
