#include "daemon/web/web.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <thread>

#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/html/page.hpp"
#include "core/platform/web/session_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/supervisor/supervisor_link.hpp"
#include "daemon/web/files_api.hpp"
#include "daemon/web/gists_api.hpp"
#include "daemon/web/guard.hpp"
#include "daemon/web/mirror_api.hpp"
#include "daemon/web/page_assets.hpp"
#include "daemon/web/publishing_api_reading.hpp"
#include "daemon/web/sync_api.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds counters_interval{1};
constexpr int sessions_counted_every = 30;  // reports
// A page that takes longer would have hurt the database.
constexpr std::chrono::seconds page_statement_timeout{2};
constexpr std::uint64_t bodies_bytes_max = 8 * config::mebibyte;
constexpr std::uint64_t sender_bodies_bytes_max = 2 * config::mebibyte;

config::Database page_database(config::Database settings) {
  settings.statement_timeout = std::min(settings.statement_timeout, page_statement_timeout);
  return settings;
}

// Connections besides those of uploads under way, and open files: an upload has its connection and
// the file that it writes, and pages and sessions have theirs.
constexpr std::uint32_t other_connections_max = 256, other_files_max = 512;

// Uploads beyond would fail one by one, each with an error that names no setting.
void check_open_files(const config::Files& files) {
  rlimit limit{};
  const auto needed = rlim_t{2} * files.streams_max + other_connections_max + other_files_max;
  if (!files.enabled || getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur < needed && limit.rlim_max > limit.rlim_cur) {
    limit.rlim_cur = std::min(limit.rlim_max, needed);
    static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
  }
  if (limit.rlim_cur < needed)
    base::log::warning("too few open files for that many uploads",
                       {{"open_files", limit.rlim_cur},
                        {"needed", needed},
                        {"hint", "Raise LimitNOFILE of the service, or lower files.streams_max."}});
}

server::ServerSettings server_settings(const config::Web& web, const config::Files& files) {
  server::ServerSettings settings;
  settings.name = "web";
  settings.threads = web.threads;
  settings.bodies_bytes_max = bodies_bytes_max;
  settings.sender_bodies_bytes_max = sender_bodies_bytes_max;
  settings.streams.threads = files.io_threads;
  settings.streams.streams_max = files.streams_max;
  settings.streams.stall = files.stall;
  if (files.enabled)
    settings.connections_max =
        std::max(settings.connections_max, files.streams_max + other_connections_max);
  settings.sender_of = [](const server::ReceivedRequest& request) {
    return sender_of(request).network;
  };
  return settings;
}

// As browsers write them: where the pages are, whatever address was typed.
std::vector<std::string> own_origins(const config::Web& web,
                                     const std::vector<base::Descriptor>& sockets) {
  std::vector<std::string> origins;
  if (!web.url.empty()) origins.push_back(web.url);
  for (const auto& socket : sockets) {
    const auto address = server::address_of(socket.get());
    if (address.starts_with("unix:")) continue;
    origins.push_back("http://" + address);
    const auto port = address.substr(address.rfind(':'));
    if (address.starts_with("127.") || address.starts_with("[::1]"))
      origins.push_back("http://localhost" + port);
  }
  return origins;
}

}  // namespace

void check_web_files(const config::Config& config) {
  const auto& web = config.web;
  if (!config.files.link_key_file.empty())
    static_cast<void>(token::read_key_file(config.files.link_key_file));
  if (!web.client_secret_file.empty())
    static_cast<void>(base::read_secret_file(web.client_secret_file));
  if (!web.key_file.empty()) static_cast<void>(token::SealingKey::from_file(web.key_file));
}

struct Web::Parts {
  explicit Parts(WebSetup setup)
      : config(std::move(setup.config)),
        sessions(std::move(setup.conninfo), page_database(config.database), "web"),
        guard(config, sessions, counters, own_origins(config.web, setup.sockets)),
        mirror(config, sessions, counters, own_origins(config.web, setup.sockets)),
        files(config, sessions, counters, own_origins(config.web, setup.sockets)),
        gists(config, sessions, counters, own_origins(config.web, setup.sockets)),
        sync(config, sessions, counters, own_origins(config.web, setup.sockets)),
        server(server_settings(config.web, config.files), routes(), std::move(setup.sockets)) {}

  std::vector<server::Route> routes() {
    auto reading = reading_routes(sessions, config.site.url);
    auto loads = mirror.routes();
    auto uploads = files.routes();
    auto tracked = gists.routes();
    auto tasks = sync.routes();
    auto pages = guard.routes();
    // The guard's last route is for whatever is no page, so it comes last.
    auto all = asset_routes();
    for (auto* more : {&reading, &loads, &uploads, &tracked, &tasks, &pages})
      std::ranges::move(*more, std::back_inserter(all));
    return all;
  }

  const config::Config config;
  SessionPool sessions;
  WebCounters counters;
  Guard guard;
  MirrorApi mirror;
  FilesApi files;
  GistsApi gists;
  SyncApi sync;
  server::HttpServer server;
};

Web::Web(WebSetup setup) {
  html::load_templates();
  parts_ = std::make_unique<Parts>(std::move(setup));
}

Web::~Web() = default;

void Web::run(const std::stop_token& stop) {
  const std::stop_callback ending(stop, [this] { parts_->mirror.end_waits(); });
  parts_->server.run(stop);
}

WebNumbers Web::numbers() const {
  return parts_->counters.numbers();
}

std::map<std::string, std::int64_t> Web::file_numbers() const {
  return parts_->files.numbers();
}

std::optional<std::int64_t> Web::count_sessions() const {
  std::optional<std::int64_t> count;
  try {
    parts_->sessions.with(
        [&](pg::Connection& connection) { count = web::count_sessions(connection); });
  } catch (const base::Error& error) {
    base::log::debug("sessions not counted", {{"error", error.text()}});
  }
  return count;
}

server::ServerCounters Web::server_counters() const {
  return parts_->server.counters();
}

namespace {

Report to_report(const Web& web) {
  Report report{"counters"};
  const auto numbers = web.numbers();
  const auto server = web.server_counters();
  for (const auto& [name, count] : numbers.requests)
    report.fields["requests." + name.second + "." + name.first] = std::to_string(count);
  for (const auto& [route, duration] : numbers.durations)
    report.fields["duration_us." + route] = std::to_string(duration.count());
  for (const auto& [reason, count] : numbers.refused)
    report.fields["refused." + reason] = std::to_string(count);
  for (const auto& [result, count] : numbers.logins)
    report.fields["logins." + result] = std::to_string(count);
  for (const auto& [result, count] : numbers.polls)
    report.fields["polls." + result] = std::to_string(count);
  for (const auto& [name, count] : web.file_numbers())
    report.fields["files." + name] = std::to_string(count);
  report.fields["files.streams"] = std::to_string(server.streams);
  report.fields["refused.framing"] = std::to_string(server.refused - server.overloaded);
  report.fields["refused.overload"] = std::to_string(server.overloaded);
  return report;
}

}  // namespace

int run_web(process::Parent& parent) {
  // The process sees people's cookies: others of the same user must not read its memory.
  prctl(PR_SET_DUMPABLE, 0);
  SupervisorLink link(parent);
  WebSetup setup;
  setup.config = link.setup().config;
  setup.conninfo = link.setup().conninfo;
  std::string address;
  for (const int socket : link.sockets()) {
    address += (address.empty() ? "" : " ") + server::address_of(socket);
    setup.sockets.emplace_back(socket);
  }
  check_open_files(setup.config.files);
  Web web(std::move(setup));
  const std::jthread serving([&] { web.run(link.drain()); });
  link.report({"ready", {{"address", address}}});
  std::optional<std::int64_t> sessions;
  for (int reports = 0; !link.drain().stop_requested(); ++reports) {
    if (reports % sessions_counted_every == 0) sessions = web.count_sessions();
    auto report = to_report(web);
    if (sessions) report.fields["sessions"] = std::to_string(*sessions);
    link.report(report);
    base::pause_for(link.drain(), counters_interval);
  }
  return 0;
}

}  // namespace devy::daemon
