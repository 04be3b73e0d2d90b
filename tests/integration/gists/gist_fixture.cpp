#include "tests/integration/gists/gist_fixture.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/gists/kinds.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::gists {

GistRows::GistRows()
    : connection_(pg::Connection::open(database_.conninfo(), config::Database{}, "test")) {
  config_.gists.enabled = true;
}

GistFixture::GistFixture() {
  act(R"([{"do": "create_user", "login": "Alice"},
          {"do": "token", "token": "ghp_gists", "user": "Alice", "scopes": ["gist"]},
          {"do": "clock", "set": "2026-03-01T12:00:00Z"}])");
  devy::testing::write_text(folder_ / "token", "ghp_gists\n");
  ::chmod((folder_ / "token").c_str(), 0600);
  config_.git.url_schemes = {"http"};
  config_.git.allow_private_addresses = true;
  config_.github.api_url = github_.url();
  config_.github.token_file = folder_ / "token";
  config_.gists.raw_hosts = {github_.url().substr(std::string("http://").size())};
}

pg::Connection GistRows::open() const {
  return pg::Connection::open(database_.conninfo(), config::Database{}, "test");
}

void GistRows::track(const std::string& login, const std::string& id) {
  const auto added = add_user(connection_, {login, id, {}, "test"}, config_.gists.users_max);
  ASSERT_EQ(added.result, Added::added);
}

std::string GistFixture::scan(const std::string& login, bool is_full) {
  const auto user = find_user(connection_, login).value();
  const auto recorded = ask_scans(connection_, {user.id}, {is_full, "test", ""});
  const queue::OnProgress on_progress;
  const queue::HandlerContext context{config_, base::system_clock(), base::system_random(),
                                      on_progress};
  queue::RunnerOptions options{queue::worker_name(0), database_.conninfo(), config_.database,
                               config_.queue};
  options.lane = queue::github_lane;
  queue::Runner runner(options, base::system_clock(), base::system_random());
  std::vector<std::unique_ptr<queue::Handler>> handlers;
  for (const auto& kind : operation_kinds()) {
    if (kind.lane != queue::github_lane) continue;
    handlers.push_back(kind.make_handler(context));
    runner.add_handler(kind.name, *handlers.back());
  }
  runner.run_one({}, recorded.at(0).operation);
  return value("select state || coalesce(' ' || error_code, '') from operation where id = '" +
               recorded.at(0).operation.text() + "'");
}

std::string GistFixture::files() const {
  return value(
      "select coalesce(string_agg(f.filename || ' ' || f.version, ', ' order by f.filename), '') "
      "from gist_file f join gist g on g.id = f.gist_id and g.gone_at is null "
      "where f.removed_at is null");
}

std::string GistFixture::visit_of(const std::string& visitor, bool has_edits) {
  const auto session = visit(connection_, {"alice", visitor, has_edits, {}, visit_files_max});
  std::string names;
  for (const auto& file : session.value().files)
    names += (names.empty() ? "" : ", ") + file.filename;
  return names;
}

std::vector<std::string> GistFixture::requests() const {
  std::vector<std::string> lines;
  for (const auto& request : nlohmann::json::parse(github_.requests())) {
    const std::string path = request["path"];
    lines.push_back(std::string(request["method"]) + " " + path.substr(0, path.find('?')) + " " +
                    std::to_string(request["status"].get<int>()));
  }
  github_.forget_requests();
  return lines;
}

}  // namespace devy::gists
