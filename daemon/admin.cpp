#include "daemon/admin.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/rescue.hpp"
#include "core/repository/private_folder.hpp"
#include "core/store/schema_store.hpp"
#include "daemon/health.hpp"
#include "daemon/http_server.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds look_interval{1};
constexpr int note_every = 10;  // looks; a row that people read is no heartbeat

// It speaks once a second; who hangs on a silent server for longer is better told that it is away.
config::Database impatient(config::Database settings) {
  constexpr std::chrono::seconds patience{5};
  settings.connect_timeout = std::min(settings.connect_timeout, patience);
  settings.statement_timeout = std::min(settings.statement_timeout, patience);
  settings.lock_timeout = std::min(settings.lock_timeout, patience);
  settings.tcp_user_timeout = std::min(settings.tcp_user_timeout, patience);
  return settings;
}

// What the watch writes and requests read.
class SharedHealth {
 public:
  template <class Change>
  void change(const Change& change) {
    const std::scoped_lock lock(mutex_);
    change(health_);
  }
  [[nodiscard]] Health copy() const {
    const std::scoped_lock lock(mutex_);
    return health_;
  }

 private:
  mutable std::mutex mutex_;
  Health health_;
};

class Watch {
 public:
  Watch(SupervisorLink& link, SharedHealth& health)
      : link_(link),
        database_(impatient(link.setup().config.database)),
        health_(health),
        name_(queue::process_name(getppid())) {}

  // Until told to stop.
  void run() {
    std::mutex mutex;
    std::condition_variable_any never_notified;
    std::unique_lock lock(mutex);
    for (int looks = 0; !link_.drain().stop_requested(); ++looks) {
      look(looks % note_every == 0);
      never_notified.wait_for(lock, link_.drain(), look_interval, [] { return false; });
    }
    // Told to drain, it makes room for its successor; told to stop, the daemon goes.
    if (link_.stop().stop_requested()) forget();
  }

 private:
  void look(bool is_due) {
    const auto& config = link_.setup().config;
    const auto scratch = repository::scratch_free_bytes(config);
    health_.change([&](Health& health) {
      health.scratch_free_bytes = scratch;
      health.scratch_free_bytes_min = config.limits.scratch_free_bytes_min;
    });
    Report report{"queue", {{"is_up", "0"}, {"waiting", "0"}}};
    try {
      ask(report);
      note(is_due);
    } catch (const base::Error& error) {
      connection_.reset();
      if (store::is_schema_mismatch(error)) report.fields["schema_trouble"] = error.text();
      health_.change([&](Health& health) {
        health.queue.reset();
        health.database_trouble = error.text();
      });
    }
    link_.report(report);
  }

  void ask(Report& report) {
    if (!connection_ || !connection_->is_usable()) {
      connection_.reset();
      connection_.emplace(pg::Connection::open(link_.setup().conninfo, database_, "admin"));
    }
    store::require_schema(*connection_);
    const auto queue = store::queue_health(*connection_);
    auto open_states = store::count_open_operations(*connection_);
    auto finished = store::finished_since(*connection_, mark_);
    mark_ = finished.mark;
    health_.change([&](Health& health) {
      health.queue = queue;
      health.open_states = std::move(open_states);
      health.add(finished);
    });
    report.fields["is_up"] = queue.takes_writes ? "1" : "0";
    report.fields["waiting"] = std::to_string(queue.is_paused ? 0 : queue.waiting);
  }

  // When something has changed, and now and then to show that it lives.
  void note(bool is_due) {
    const auto health = health_.copy();
    store::DaemonRow row;
    row.name = name_;
    row.version = DEVY_VERSION;
    row.state = "starting";
    if (health.numbers) {
      row.busy = health.numbers->number("workers_busy");
      row.workers = row.busy + health.numbers->number("workers_idle");
      if (health.numbers->number("is_ready") == 1) row.state = "ready";
      if (health.numbers->number("is_draining") == 1) row.state = "draining";
    }
    const auto told =
        row.state + " " + std::to_string(row.workers) + " " + std::to_string(row.busy);
    if (!is_due && told == told_) return;
    store::note_daemon(*connection_, row);
    told_ = told;
  }

  // A daemon that was killed is seen to be silent instead.
  void forget() {
    try {
      if (connection_) store::forget_daemon(*connection_, name_);
    } catch (const base::Error& error) {
      base::log::debug("daemon not signed off", {{"error", error.text()}});
    }
  }

  SupervisorLink& link_;
  const config::Database database_;
  SharedHealth& health_;
  const std::string name_;
  std::optional<pg::Connection> connection_;
  std::string told_;                 // what the row says
  std::optional<std::string> mark_;  // up to where finished operations are counted
};

std::vector<Route> routes(const SharedHealth& health) {
  const std::string plain = "text/plain; charset=utf-8";
  return {
      {"GET", "/healthz", 0,
       [plain](const Request&) {
         return Response{.status = 200, .body = "ok\n", .content_type = plain, .headers = {}};
       }},
      {"GET", "/readyz", 0,
       [&health](const Request&) {
         const auto reasons = reasons_not_ready(health.copy());
         Response response;
         response.status = reasons.empty() ? 200 : 503;
         response.body = readiness_json(reasons);
         return response;
       }},
      {"GET", "/metrics", 0,
       [&health](const Request&) {
         Response response;
         response.body = metrics(health.copy(), DEVY_VERSION);
         response.content_type = "text/plain; version=0.0.4; charset=utf-8";
         return response;
       }},
  };
}

}  // namespace

int run_admin(process::Parent& parent) {
  SharedHealth health;
  SupervisorLink link(parent, [&](SupervisorLink& supervisor, const Report& report) {
    if (report.name != "numbers") return;
    health.change([&](Health& changed) { changed.numbers = report; });
    supervisor.report({"numbers_taken"});
  });
  std::vector<base::Descriptor> sockets;
  std::string address;
  for (const int socket : link.sockets()) {
    address += (address.empty() ? "" : " ") + address_of(socket);
    sockets.emplace_back(socket);
  }
  ServerSettings settings;
  settings.name = "admin";
  settings.threads = 2;
  settings.connections_max = 64;
  HttpServer server(settings, routes(health), std::move(sockets));
  const std::jthread serving([&] { server.run(link.drain()); });
  link.report({"ready", {{"address", address}}});
  Watch(link, health).run();
  return 0;
}

}  // namespace devy::daemon
