#include "daemon/startup.hpp"

#include <csignal>
#include <cstdio>
#include <thread>

#include "core/files/receive/depot.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "core/platform/schema/server_store.hpp"
#include "core/systems.hpp"
#include "daemon/admin/admin.hpp"
#include "daemon/exit_status.hpp"
#include "daemon/listener/listener.hpp"
#include "daemon/log_settings.hpp"
#include "daemon/maintenance/maintenance.hpp"
#include "daemon/roles.hpp"
#include "daemon/settings.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/supervisor/systemd.hpp"
#include "daemon/web/web.hpp"
#include "daemon/worker/worker.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

// A role's errors end its process with the status that the daemon itself would end with.
process::Role role_of(int (*run)(process::Parent&)) {
  return [run](process::Parent& parent) {
    try {
      return run(parent);
    } catch (const Error& error) {
      base::log::error("process failed", {{"error", error.text()}, {"hint", error.hint()}});
      return exit_status(error);
    }
  };
}

// The role of the processes that run the operations of a lane.
process::Role run_lane(const std::string& lane) {
  return [lane](process::Parent& parent) {
    try {
      SupervisorLink link(parent);
      return run_worker(link, lane);
    } catch (const Error& error) {
      base::log::error("process failed", {{"error", error.text()}, {"hint", error.hint()}});
      return exit_status(error);
    }
  };
}

void look_at_database(const Settings& settings) {
  auto connection = pg::Connection::open(settings.conninfo, settings.config.database, "supervisor");
  if (schema::server_facts(connection).is_standby)
    throw Error(ErrorKind::unavailable,
                "unable to work on " + connection.server_description() + ": it is a standby",
                "Name the primary too in database.conninfo: host=a,b finds the one that takes "
                "writes.",
                "database_standby");
  schema::require_schema(connection);
}

// A machine that boots may have us before its database.
void wait_for_database(const Settings& settings, const Systemd& systemd, const base::Clock& clock) {
  constexpr std::chrono::milliseconds look_again{500};
  const auto until = clock.monotonic_now() + settings.config.daemon.start_timeout;
  for (;;) {
    try {
      return look_at_database(settings);
    } catch (const Error& error) {
      if (!base::is_passing(error.kind()) || clock.monotonic_now() + look_again > until) throw;
      systemd.notify("STATUS=waiting for the database");
      base::log::warning("waiting for the database", {{"error", error.text()}});
    }
    std::this_thread::sleep_for(look_again);
  }
}

std::vector<base::Descriptor> sockets_for(Systemd& systemd, const char* name,
                                          const std::vector<std::string>& addresses) {
  auto sockets = systemd.release_sockets(name);
  if (!sockets.empty()) return sockets;
  for (const auto& address : addresses)
    sockets.push_back(server::bind_socket(address));
  return sockets;
}

// A port that somebody else has is a warning as long as pages are served at another one.
std::vector<base::Descriptor> web_sockets(Systemd& systemd,
                                          const std::vector<std::string>& addresses) {
  auto sockets = systemd.release_sockets("web");
  if (!sockets.empty()) return sockets;
  std::optional<Error> first;
  for (const auto& address : addresses) {
    try {
      sockets.push_back(server::bind_socket(address));
    } catch (const Error& error) {
      if (error.code() != "address_in_use") throw;
      if (!first) first = error;
      base::log::warning("address of pages taken", {{"address", address}});
    }
  }
  if (first && sockets.empty())
    throw Error(first->kind(), first->text(),
                "Set web.addresses to free ones, or to [] for no pages.", first->code());
  return sockets;
}

std::vector<std::string> admin_addresses(const config::Config& config) {
  if (config.admin.address.empty()) return {};
  return {config.admin.address};
}

// Reads the credential for GitHub's API, and forgets it.
void check_github_files(const config::Config& config) {
  if (config.github.has_credentials())
    static_cast<void>(github::Access(config, base::system_clock()));
}

// An unmounted disk is an empty folder: nothing is served that would take it for an empty storage.
void check_files_storage(const Settings& settings) {
  if (!settings.config.files.enabled) return;
  auto connection = pg::Connection::open(settings.conninfo, settings.config.database, "supervisor");
  static_cast<void>(receive::open_disk(connection, settings.config.files));
}

int supervise(const CommandLine& command_line, Systemd& systemd) {
  const auto& clock = base::system_clock();
  bool has_listener = false, has_pages = false;
  // A configuration that the listener could not work with is refused; the current one stays in
  // force.
  const auto load = [&] {
    auto loaded = load_settings(command_line);
    if (has_listener) check_listener_files(loaded.config);
    check_github_files(loaded.config);
    if (has_pages) check_web_files(loaded.config);
    return loaded;
  };
  auto settings = load();
  configure_log(settings.config.log);
  if (!process::can_confine()) base::log::warning("processes not confined", {{"by", "seccomp"}});
  wait_for_database(settings, systemd, clock);
  std::vector<Single> singles;
  singles.push_back({"admin", sockets_for(systemd, "admin", admin_addresses(settings.config))});
  auto addresses = sockets_for(systemd, "public", settings.config.listener.addresses);
  has_listener = !addresses.empty();
  if (has_listener) check_listener_files(settings.config);
  if (has_listener) singles.push_back({"listener", std::move(addresses)});
  auto pages = web_sockets(systemd, settings.config.web.addresses);
  has_pages = !pages.empty();
  if (has_pages) check_web_files(settings.config);
  if (has_pages) check_files_storage(settings);
  if (has_pages) singles.push_back({"web", std::move(pages)});
  singles.push_back({"maintenance", {}});
  Supervisor supervisor(std::move(settings), load, std::move(singles), systemd, clock);
  return supervisor.run();
}

}  // namespace

void register_roles() {
  using process::Confinement;
  process::register_role("admin", role_of(run_admin), Confinement::serves);
  process::register_role("maintenance", role_of([](process::Parent& parent) {
                           SupervisorLink link(parent);
                           return run_maintenance(link);
                         }),
                         Confinement::spawns);
  process::register_role("listener", role_of(run_listener), Confinement::serves);
  process::register_role("web", role_of(run_web), Confinement::serves);
  process::register_role(std::string(worker_role), run_lane(std::string(queue::work_lane)),
                         Confinement::spawns);
  for (const auto& system : systems::table())
    for (const auto& kind : system.kinds)
      if (kind.lane != queue::work_lane)
        process::register_role(runner_role(kind.lane), run_lane(kind.lane), Confinement::spawns);
}

int run_daemon(int argc, const char* const* argv) {
  try {
    const auto command_line = read_command_line(argc, argv);
    if (command_line.wants_help) {
      std::fputs(std::string(usage()).c_str(), stdout);
      return exit_ok;
    }
    if (command_line.wants_version) {
      std::puts("devy-uploadd " DEVY_VERSION);
      return exit_ok;
    }
    // The reader of the log may be gone; the daemon continues.
    std::signal(SIGPIPE, SIG_IGN);
    Systemd systemd;
    return supervise(command_line, systemd);
  } catch (const Error& error) {
    base::log::error("daemon not started", {{"error", error.text()}, {"hint", error.hint()}});
    return exit_status(error);
  }
}

}  // namespace devy::daemon
