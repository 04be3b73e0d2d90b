#include "daemon/admin/admin.hpp"

#include <unistd.h>

#include <algorithm>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/git/private_folder.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/daemons.hpp"
#include "core/platform/queue/prune_pass.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "core/systems.hpp"
#include "daemon/admin/health.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds watch_interval{1};
constexpr int note_every = 10;  // looks; a row that people read is no heartbeat

// The watch reports once a second; when the database does not respond for longer, it is better
// reported as unavailable.
config::Database with_scrape_timeouts(config::Database settings) {
  constexpr std::chrono::seconds patience{5};
  settings.connect_timeout = std::min(settings.connect_timeout, patience);
  settings.statement_timeout = std::min(settings.statement_timeout, patience);
  settings.lock_timeout = std::min(settings.lock_timeout, patience);
  settings.tcp_user_timeout = std::min(settings.tcp_user_timeout, patience);
  return settings;
}

// The state that the watch writes and requests read.
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
        database_(with_scrape_timeouts(link.setup().config.database)),
        health_(health),
        name_(queue::process_name(getppid())) {
    for (const auto& system : systems::table())
      if (system.make_metrics != nullptr) metrics_.push_back(system.make_metrics());
    for (const auto& prunable : systems::prunables())
      pruned_.push_back(prunable.name);
  }

  // Runs until told to stop.
  void run() {
    for (int looks = 0; !link_.drain().stop_requested(); ++looks) {
      look(looks % note_every == 0);
      base::pause_for(link_.drain(), watch_interval);
    }
    // When told to drain, a successor will use the daemon's row; when told to stop, the daemon ends
    // and its row is removed.
    if (link_.stop().stop_requested()) forget();
  }

 private:
  void look(bool is_due) {
    const auto& config = link_.setup().config;
    const auto scratch = git::scratch_free_bytes(config);
    health_.change([&](Health& health) {
      health.scratch_free_bytes = scratch;
      health.scratch_free_bytes_min = config.limits.scratch_free_bytes_min;
    });
    try {
      link_.report(ask());
      count();
      note(is_due);
    } catch (const base::Error& error) {
      connection_.reset();
      Report report{"queue", {{"is_up", "0"}, {"waiting", "0"}}};
      if (schema::is_schema_mismatch(error)) report.fields["schema_trouble"] = error.text();
      health_.change([&](Health& health) {
        health.queue.reset();
        health.database_trouble = error.text();
      });
      link_.report(report);
    }
  }

  Report ask() {
    if (!connection_ || !connection_->is_usable()) {
      connection_.reset();
      connection_.emplace(pg::Connection::open(link_.setup().conninfo, database_, "admin"));
    }
    schema::require_schema(*connection_);
    const auto queue = queue::queue_health(*connection_);
    health_.change([&](Health& health) { health.queue = queue; });
    return {"queue",
            {{"is_up", queue.takes_writes ? "1" : "0"},
             {"waiting", std::to_string(queue.is_paused ? 0 : queue.waiting)}}};
  }

  // Figures that take too long, or that somebody locks, are no sign of a database that is away: the
  // last ones stay.
  void count() {
    try {
      measure();
      if (is_without_counts_) base::log::info("counts measured again", {});
      is_without_counts_ = false;
    } catch (const base::Error& error) {
      if (error.code() != "database_timeout" && error.code() != "database_locked") throw;
      if (!is_without_counts_) base::log::warning("counts not measured", {{"error", error.text()}});
      is_without_counts_ = true;
    }
  }

  void measure() {
    auto open_operations = queue::count_open_operations(*connection_);
    const auto span = queue::finished_span(*connection_, counted_to_);
    const auto ended = queue::count_finished(*connection_, span);
    base::MetricsText measured;
    for (const auto& metrics : metrics_) {
      metrics->measure(*connection_, span);
      metrics->write(measured);
    }
    auto behind = queue::prune_behind(*connection_, pruned_);
    counted_to_ = span.to;
    health_.change([&](Health& health) {
      health.open_operations = std::move(open_operations);
      health.prune_behind = std::move(behind);
      health.add(ended);
      health.system_metrics = measured.text();
    });
  }

  // When something has changed, and now and then to show that it lives.
  void note(bool is_due) {
    const auto health = health_.copy();
    queue::DaemonRow row;
    row.name = name_;
    row.version = DEVY_VERSION;
    row.state = "starting";
    if (health.numbers) {
      row.busy = health.numbers->number("workers_busy");
      row.workers = row.busy + health.numbers->number("workers_idle");
      if (health.numbers->number("is_ready") == 1) row.state = "ready";
      if (health.numbers->number("is_draining") == 1) row.state = "draining";
    }
    const auto noted =
        row.state + " " + std::to_string(row.workers) + " " + std::to_string(row.busy);
    if (!is_due && noted == noted_) return;
    queue::note_daemon(*connection_, row);
    noted_ = noted;
  }

  // A daemon that was killed is seen to be silent instead.
  void forget() {
    try {
      if (connection_) queue::forget_daemon(*connection_, name_);
    } catch (const base::Error& error) {
      base::log::debug("daemon row not deleted", {{"error", error.text()}});
    }
  }

  SupervisorLink& link_;
  const config::Database database_;
  SharedHealth& health_;
  const std::string name_;
  std::optional<pg::Connection> connection_;
  std::vector<std::unique_ptr<queue::SystemMetrics>> metrics_;
  std::vector<std::string> pruned_;  // the sorts of rows that are deleted when they are old
  bool is_without_counts_ = false;
  std::string noted_;                      // the content of the row
  std::optional<std::string> counted_to_;  // the time up to which ended operations are counted
};

std::vector<server::Route> routes(const SharedHealth& health) {
  return {
      {"GET", "/healthz", 0,
       [](const server::ReceivedRequest&) { return server::text_response(200, "ok\n"); }},
      {"GET", "/readyz", 0,
       [&health](const server::ReceivedRequest&) {
         const auto reasons = reasons_not_ready(health.copy());
         http::Response response;
         response.status = reasons.empty() ? 200 : 503;
         response.body = readiness_json(reasons);
         return response;
       }},
      {"GET", "/metrics", 0,
       [&health](const server::ReceivedRequest&) {
         return server::text_response(200, metrics(health.copy(), DEVY_VERSION),
                                      "text/plain; version=0.0.4; charset=utf-8");
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
    address += (address.empty() ? "" : " ") + server::address_of(socket);
    sockets.emplace_back(socket);
  }
  server::ServerSettings settings;
  settings.name = "admin";
  settings.threads = 2;
  settings.connections_max = 64;
  server::HttpServer server(settings, routes(health), std::move(sockets));
  const std::jthread serving([&] { server.run(link.drain()); });
  link.report({"ready", {{"address", address}}});
  Watch(link, health).run();
  return 0;
}

}  // namespace devy::daemon
