#include "core/platform/setup/setup.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/platform/pg/conninfo.hpp"
#include "core/platform/setup/findings.hpp"

namespace devy::setup {
namespace {

struct ConninfoSetting {
  const char* key;
  std::string config::Database::*value;
};
constexpr std::array<ConninfoSetting, 5> conninfo_settings{{
    {"database.conninfo", &config::Database::conninfo},
    {"database.listener_conninfo", &config::Database::listener_conninfo},
    {"database.worker_conninfo", &config::Database::worker_conninfo},
    {"database.metrics_conninfo", &config::Database::metrics_conninfo},
    {"database.web_conninfo", &config::Database::web_conninfo},
}};

void examine_database(Findings& findings) {
  const auto& loaded = findings.loaded();
  for (const auto& [key, value] : conninfo_settings) {
    const auto& conninfo = loaded.config.database.*value;
    if (conninfo.empty()) continue;
    if (const auto fault = pg::conninfo_fault(conninfo))
      findings.add(key, "unable to read the connection string: " + *fault,
                   "Write it as `host=… dbname=…`, or as a postgresql:// address.");
    const auto origin = loaded.origins.find(key);
    const bool is_of_file = origin != loaded.origins.end() && origin->second == "file";
    if (is_of_file && loaded.is_readable_by_others && pg::holds_password(conninfo))
      findings.add(key, "every user of this machine can read the password in it",
                   "Run `chmod 0640` on the file, or put the password into ~/.pgpass.", true);
  }
}

void examine_origin(Findings& findings) {
  const auto& loaded = findings.loaded();
  if (loaded.shadowed)
    findings.add("configuration",
                 *loaded.shadowed + " is not read: " + loaded.file.value_or("") +
                     " in this folder goes before it",
                 "Name the one that counts with --config, or remove the other.", true);
}

}  // namespace

std::vector<config::Problem> examine(const config::Loaded& loaded, base::TimePoint now) {
  Findings findings(loaded);
  examine_origin(findings);
  examine_database(findings);
  examine_files(findings);
  examine_serving(findings, now);
  return findings.release();
}

bool keeps_from_starting(const config::Problem& problem) {
  constexpr std::array<std::string_view, 8> for_some_work{"runtime_directory",
                                                          "git.token_file",
                                                          "git.ca_file",
                                                          "crm.token_file",
                                                          "files.s3.credentials_file",
                                                          "files.s3.ca_file",
                                                          "mirror.token_key_file",
                                                          "webhook.ranges_file"};
  return !problem.is_warning &&
         std::ranges::find(for_some_work, problem.key) == for_some_work.end();
}

}  // namespace devy::setup
