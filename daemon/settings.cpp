#include "daemon/settings.hpp"

#include <cstdlib>
#include <vector>

#include "core/platform/base/log.hpp"
#include "core/platform/cluster/private_cluster.hpp"
#include "core/platform/config/load.hpp"
#include "core/platform/pg/conninfo.hpp"
#include "core/platform/setup/setup.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

// Logs every problem, and returns those that are errors.
std::vector<const config::Problem*> log_problems(const config::Loaded& loaded) {
  std::vector<const config::Problem*> errors;
  for (const auto& problem : loaded.problems) {
    const base::log::Fields fields{
        {"where", problem.where}, {"problem", problem.message}, {"hint", problem.hint}};
    if (problem.is_warning) base::log::warning("configuration warning", fields);
    else base::log::error("configuration refused", fields);
    if (!problem.is_warning) errors.push_back(&problem);
  }
  return errors;
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine line;
  for (int n = 1; n < argc; ++n) {
    const std::string_view word = argv[n];
    const auto value = [&] {
      if (n + 1 == argc)
        throw Error(ErrorKind::usage, "unable to start: " + std::string(word) + " wants a value",
                    "See devy-uploadd --help.");
      return std::string(argv[++n]);
    };
    if (word == "-c" || word == "--config") line.config_file = value();
    else if (word == "--db") line.database = value();
    else if (word == "-h" || word == "--help") line.wants_help = true;
    else if (word == "--version") line.wants_version = true;
    else
      throw Error(ErrorKind::usage, "unable to start: unknown argument '" + std::string(word) + "'",
                  "See devy-uploadd --help.");
  }
  return line;
}

std::string_view usage() {
  return "usage: devy-uploadd [-c FILE] [--db CONNINFO]\n"
         "\n"
         "Takes webhooks and publishes blogs until SIGTERM; reads its configuration again at\n"
         "SIGHUP. Meant to be run by its systemd unit. See devy-uploadd(8).\n"
         "\n"
         "  -c, --config FILE  configuration; else ./devy-upload.toml, /etc/devy/devy-upload.toml\n"
         "      --db CONNINFO  database; else DEVY_DB, libpq's environment, the configuration\n"
         "      --version      print the version\n"
         "  -h, --help         print this\n";
}

Settings load_settings(const CommandLine& command_line) {
  auto loaded = config::load(command_line.config_file);
  for (auto& problem : setup::examine(loaded, base::system_clock().now())) {
    problem.is_warning = !setup::keeps_from_starting(problem);
    loaded.problems.push_back(std::move(problem));
  }
  const auto errors = log_problems(loaded);
  if (!errors.empty())
    throw Error(ErrorKind::config,
                "unable to use the configuration: " +
                    (errors.size() == 1 ? errors.front()->message
                                        : std::to_string(errors.size()) + " problems"),
                "Mend what is logged above; `devy-upload config check` looks again.");
  const auto find_cluster = [] {
    return cluster::find_running_cluster(cluster::default_cluster_paths());
  };
  const auto conninfo =
      pg::resolve_conninfo(command_line.database, environment, loaded, find_cluster);
  return {loaded.config, pg::complete_conninfo(conninfo.text)};
}

namespace {

// Whoever serves pages must not even know where other processes' secrets lie.
void forget_secrets_of_others(config::Config& config) {
  config.webhook.secrets.clear();
  config.git.token_file.clear();
  config.github.token_file.clear();
  config.github.app_key_file.clear();
}

}  // namespace

ChildSetup child_setup(const Settings& settings, std::string_view role) {
  const auto& database = settings.config.database;
  const auto& own = role == "listener" ? database.listener_conninfo
                    : role == "admin"  ? database.metrics_conninfo
                    : role == "web"    ? database.web_conninfo
                                       : database.worker_conninfo;
  ChildSetup setup{settings.config, own.empty() ? settings.conninfo : pg::complete_conninfo(own)};
  auto& handed_on = setup.config.database;
  for (auto* conninfo :
       {&handed_on.conninfo, &handed_on.listener_conninfo, &handed_on.worker_conninfo,
        &handed_on.metrics_conninfo, &handed_on.web_conninfo})
    conninfo->clear();
  if (role == "web") forget_secrets_of_others(setup.config);
  return setup;
}

}  // namespace devy::daemon
