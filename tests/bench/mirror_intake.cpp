#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/platform/base/log.hpp"
#include "daemon/listener/listener.hpp"
#include "tests/bench/intake_load.hpp"
#include "tests/bench/mirror_events.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/support/github/webhook_payload.hpp"

namespace devy::bench {
namespace {

constexpr double pushes_share_wanted = 0.8;
constexpr int intake_connections = 16;
constexpr int push_repositories_from = 1'000;
// All bodies are stored, of one repository as of many.
constexpr std::uint64_t bodies_bytes_max = std::uint64_t{16} * 1024 * 1024 * 1024;

constexpr const char* blogs = R"sql(
  set search_path = devy;
  insert into account (username, is_supporter) values ('alice', true);
  insert into repository (github_id, url)
    select n, 'https://github.com/alice/' || n from generate_series(1000, 1015) n;
  insert into resource (kind, key, owner)
    select 'repository', id::text, 'alice' from repository;
  insert into blog (account_id, repository_id, resource_id, slug, branch)
    select a.id, r.id, s.id, 'blog' || r.github_id, 'main'
      from account a, repository r join resource s on s.kind = 'repository' and s.key = r.id::text)sql";

// As long as an event of an issue is, so that what is compared is not the length.
std::string push_body(int sender, std::size_t bytes) {
  testing::PushPayload push;
  push.repository.id = push_repositories_from + sender;
  push.repository.name = "blog";
  push.padding_bytes = bytes;
  return testing::push_payload(push);
}

std::vector<std::string> issue_bodies(const MirrorRig& rig) {
  auto acts = nlohmann::json::array({{{"do", "webhooks"}, {"recorded", true}}});
  for (int number = 1; number <= intake_connections; ++number)
    acts.push_back({{"do", "edit_issue"},
                    {"repository", MirrorRig::repository},
                    {"number", number},
                    {"title", std::string(40, 'x')}});
  rig.github().control(acts.dump());
  std::vector<std::string> bodies;
  for (const auto& one : nlohmann::json::parse(rig.github().deliveries()))
    bodies.push_back(one["payload"].dump());
  if (bodies.size() != intake_connections) throw std::runtime_error("an edit was told otherwise");
  return bodies;
}

}  // namespace

int serve_listener(const std::string& conninfo, const std::string& secret) {
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  daemon::ListenerSetup setup;
  setup.conninfo = conninfo;
  setup.config.webhook.secrets = {secret};
  setup.config.webhook.sender_check = "off";
  setup.config.webhook.unsigned_requests_per_minute = 0;
  setup.config.webhook.repository_bodies_bytes_max = bodies_bytes_max;
  setup.config.mirror.enabled = true;
  setup.sockets.push_back(server::bind_socket("127.0.0.1:0"));
  std::printf("%s\n", server::address_of(setup.sockets.front().get()).c_str());
  std::fflush(stdout);
  daemon::Listener(std::move(setup)).run({});  // until it is killed
  return 0;
}

void measure_intake(const std::string& self, MirrorReport& report) {
  MirrorRig rig({.issues = 100});
  rig.daemon().start_daemon();
  rig.load({"mirror", "add", MirrorRig::repository});
  rig.daemon().stop_daemon();
  static_cast<void>(rig.daemon().ask(blogs));
  const auto file = rig.daemon().folder() / "load-secret";
  testing::write_text(file, std::string(load_secret) + "\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const auto bodies = issue_bodies(rig);

  const auto rate_of = [&](const DeliveryKind& kind, const auto& body_of) {
    const auto scope = kind.repository_id.empty() ? "" : " for " + kind.repository_id;
    const ServerProcess server({self, "--serve", rig.daemon().conninfo(), "bench " + file + scope});
    const auto before = rig.daemon().number("select count(*) from devy.operation");
    const auto load = send_deliveries(server.said(), intake_connections, body_of, kind);
    if (load.failures > 0) throw std::runtime_error("some deliveries were refused");
    if (rig.daemon().number("select count(*) from devy.operation") == before)
      throw std::runtime_error("no operation came of the events '" + kind.event + "'");
    return load.per_second;
  };
  const double pushes =
      rate_of({}, [&](int sender) { return push_body(sender, bodies.front().size()); });
  const double issues = rate_of({"issues", rig.repository_id()}, [&](int sender) {
    return bodies[static_cast<std::size_t>(sender)];
  });
  report.note("intake, pushes", pushes, "/s");
  report.note("intake, events of issues", issues, "/s");
  report.at_least("intake, events of issues / pushes", issues / pushes, pushes_share_wanted, "×");
}

}  // namespace devy::bench
