#include "daemon/listener.hpp"

#include <malloc.h>
#include <sys/prctl.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/token/key_ring.hpp"
#include "core/webhook/secret_list.hpp"
#include "daemon/http_stream.hpp"
#include "daemon/session_pool.hpp"
#include "daemon/supervisor_link.hpp"
#include "daemon/uploads_api.hpp"
#include "daemon/webhooks.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds report_interval{1};

// What is larger is given back at once. Left to itself glibc keeps, after the first large body,
// some tens of MiB for each thread that ever held one.
constexpr int kept_bytes_max = 1024 * 1024;

ServerSettings server_settings(const config::Listener& listener) {
  ServerSettings settings;
  settings.name = "listener";
  settings.threads = listener.threads;
  settings.connections_max = listener.connections_max;
  settings.waiting_requests_max = listener.waiting_requests_max;
  settings.bodies_bytes_max = listener.bodies_bytes_max;
  settings.request_deadline = listener.request_deadline;
  if (!listener.tls_certificate_file.empty())
    settings.tls =
        TlsSettings{listener.tls_certificate_file, listener.tls_key_file, listener.client_ca_file};
  return settings;
}

}  // namespace

void check_listener_files(const config::Config& config) {
  static_cast<void>(webhook::load_secrets(config.webhook.secrets));
  const token::KeyRing keys(config.api.keys, config.api.jwks_file);
  if (const auto tls = server_settings(config.listener).tls) const Tls context(*tls);
}

struct Listener::Parts {
  explicit Parts(ListenerSetup setup)
      : config(std::move(setup.config)),
        sessions(std::move(setup.conninfo), config.database, "listener",
                 std::move(setup.on_database_retry)),
        webhooks(config, sessions, counters),
        uploads(config, sessions, counters),
        server(server_settings(config.listener), routes(), std::move(setup.sockets)) {}

  std::vector<Route> routes() {
    auto all = uploads.routes();
    all.push_back(webhooks.route());
    return all;
  }

  const config::Config config;
  SessionPool sessions;
  ListenerCounters counters;
  Webhooks webhooks;
  UploadsApi uploads;
  HttpServer server;
};

Listener::Listener(ListenerSetup setup) : parts_(std::make_unique<Parts>(std::move(setup))) {}

Listener::~Listener() = default;

void Listener::run(const std::stop_token& stop) {
  parts_->server.run(stop);
}

ListenerNumbers Listener::numbers() const {
  return parts_->counters.numbers();
}

ServerCounters Listener::server_counters() const {
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
  // It holds every signing secret: nobody of the same user reads its memory.
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
    address += (address.empty() ? "" : " ") + address_of(socket);
    setup.sockets.emplace_back(socket);
  }
  Listener listener(std::move(setup));
  const std::jthread serving([&] { listener.run(link.drain()); });
  link.report({"ready", {{"address", address}}});
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  while (!link.drain().stop_requested()) {
    link.report(to_report(listener));
    never_notified.wait_for(lock, link.drain(), report_interval, [] { return false; });
  }
  return 0;
}

}  // namespace devy::daemon
