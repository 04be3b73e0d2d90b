#include "daemon/listener/listener.hpp"

#include <malloc.h>
#include <sys/prctl.h>

#include <thread>

#include "core/platform/base/pause.hpp"
#include "core/platform/http/server/stream.hpp"
#include "core/platform/token/key_ring.hpp"
#include "core/platform/webhook/secret_list.hpp"
#include "core/systems.hpp"
#include "daemon/listener/sender_check.hpp"
#include "daemon/listener/uploads_api.hpp"
#include "daemon/listener/webhooks.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds listener_report_interval{1};

// Memory blocks larger than this are returned to the system at once. By default glibc keeps, after
// the first large body, some tens of MiB for each thread that ever held one.
constexpr int kept_bytes_max = 1024 * 1024;

server::ServerSettings server_settings(const config::Listener& listener) {
  server::ServerSettings settings;
  settings.name = "listener";
  settings.threads = listener.threads;
  settings.connections_max = listener.connections_max;
  settings.bodies_bytes_max = listener.bodies_bytes_max;
  settings.sender_bodies_bytes_max = listener.sender_bodies_bytes_max;
  settings.sender_of = [](const server::ReceivedRequest& request) {
    return sender_of(request).network;
  };
  settings.request_deadline = listener.request_deadline;
  if (!listener.tls_certificate_file.empty())
    settings.tls = server::TlsSettings{listener.tls_certificate_file, listener.tls_key_file,
                                       listener.client_ca_file};
  return settings;
}

}  // namespace

void check_listener_files(const config::Config& config) {
  static_cast<void>(webhook::load_secrets(config.webhook.secrets));
  const token::KeyRing keys(config.api.keys, config.api.jwks_file);
  if (const auto tls = server_settings(config.listener).tls) const server::Tls context(*tls);
}

struct Listener::Parts {
  explicit Parts(ListenerSetup setup)
      : config(std::move(setup.config)),
        sessions(std::move(setup.conninfo), config.database, "listener",
                 std::move(setup.on_database_retry)),
        webhooks(config, sessions, systems::subscribers(), counters),
        uploads(config, sessions, counters),
        server(server_settings(config.listener), routes(), std::move(setup.sockets)) {}

  std::vector<server::Route> routes() {
    auto all = uploads.routes();
    for (auto& route : webhooks.routes())
      all.push_back(std::move(route));
    return all;
  }

  const config::Config config;
  SessionPool sessions;
  ListenerCounters counters;
  Webhooks webhooks;
  UploadsApi uploads;
  server::HttpServer server;
};

Listener::Listener(ListenerSetup setup) : parts_(std::make_unique<Parts>(std::move(setup))) {}

Listener::~Listener() = default;

void Listener::run(const std::stop_token& stop) {
  parts_->server.run(stop);
}

ListenerNumbers Listener::numbers() const {
  return parts_->counters.numbers();
}

server::ServerCounters Listener::server_counters() const {
  return parts_->server.counters();
}

std::optional<std::chrono::seconds> Listener::ranges_age() const {
  return parts_->webhooks.ranges_age();
}

namespace {

Report to_report(const Listener& listener) {
  Report report{"counters"};
  const auto numbers = listener.numbers();
  const auto server = listener.server_counters();
  for (const auto& [name, count] : numbers.deliveries)
    report.fields["deliveries." + name.first + "." + name.second] = std::to_string(count);
  for (const auto& [reason, count] : numbers.refused)
    report.fields["refused." + reason] = std::to_string(count);
  report.fields["refused.framing"] = std::to_string(server.refused - server.overloaded);
  report.fields["refused.overload"] = std::to_string(server.overloaded);
  report.fields["refused.timeout"] = std::to_string(server.timed_out);
  report.fields["requests"] = std::to_string(numbers.requests);
  report.fields["duration_us"] = std::to_string(numbers.duration.count());
  report.fields["in_flight"] = std::to_string(server.in_flight);
  report.fields["last_delivery_seconds"] = std::to_string(numbers.last_delivery_seconds);
  if (const auto age = listener.ranges_age())
    report.fields["ranges_age_seconds"] = std::to_string(age->count());
  return report;
}

}  // namespace

int run_listener(process::Parent& parent) {
  // The process holds every signing secret: others of the same user must not read its memory.
  prctl(PR_SET_DUMPABLE, 0);
  mallopt(M_MMAP_THRESHOLD, kept_bytes_max);
  SupervisorLink link(parent);
  ListenerSetup setup;
  setup.config = link.setup().config;
  setup.conninfo = link.setup().conninfo;
  setup.on_database_retry = [&](std::string_view sqlstate_class) {
    link.report({"database_retry", {{"class", std::string(sqlstate_class)}}});
  };
  std::string address;
  for (const int socket : link.sockets()) {
    address += (address.empty() ? "" : " ") + server::address_of(socket);
    setup.sockets.emplace_back(socket);
  }
  Listener listener(std::move(setup));
  const std::jthread serving([&] { listener.run(link.drain()); });
  link.report({"ready", {{"address", address}}});
  while (!link.drain().stop_requested()) {
    link.report(to_report(listener));
    base::pause_for(link.drain(), listener_report_interval);
  }
  return 0;
}

}  // namespace devy::daemon
