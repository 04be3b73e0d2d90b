#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>

#include "cli/commands/platform/doctor.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/config/value_text.hpp"
#include "core/platform/git/library.hpp"
#include "core/platform/git/private_folder.hpp"
#include "core/platform/pg/conninfo.hpp"
#include "core/platform/setup/setup.hpp"

namespace devy::cli {
namespace {

// Even a small blog's clone needs some; below it every fetch would fail.
constexpr std::uint64_t free_bytes_least = 64 * config::mebibyte;

// The name under which a finding about a setting stands: that of the check that uses it.
std::string check_of(const std::string& key) {
  static const std::map<std::string, std::string> names{{"git.token_file", "token_file"},
                                                        {"github.token_file", "github"},
                                                        {"github.app_key_file", "github"},
                                                        {"web.client_secret_file", "web"},
                                                        {"web.key_file", "web"},
                                                        {"mirror.token_key_file", "mirror_key"},
                                                        {"webhook.secrets", "webhook_secrets"},
                                                        {"runtime_directory", "runtime_directory"}};
  const auto found = names.find(key);
  return found == names.end() ? "configuration" : found->second;
}

void examine_configuration(Context& context, std::vector<Diagnosis>& diagnoses) {
  const auto problems = all_problems(context);
  for (const auto& problem : problems)
    diagnoses.push_back(
        {check_of(problem.key), problem.is_warning ? Health::warning : Health::problem,
         problem.where + ": " + problem.message,
         problem.hint.empty() ? "Mend it; devy-upload.toml(5) explains every key." : problem.hint});
  if (problems.empty())
    diagnoses.push_back(
        {"configuration", Health::ok, context.loaded().file.value_or("no file, defaults"), ""});
}

void examine_runtime_directory(const config::Config& config, std::vector<Diagnosis>& diagnoses) {
  const auto folder = git::private_folder_base(config);
  const std::string hint = "Set runtime_directory to a folder with room that this user can write.";
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    diagnoses.push_back({"runtime_directory", Health::problem,
                         "'" + folder + "': " + std::generic_category().message(errno), hint});
    return;
  }
  struct statvfs space {};
  if (::statvfs(folder.c_str(), &space) != 0) {
    diagnoses.push_back({"runtime_directory", Health::problem,
                         "'" + folder + "': " + std::generic_category().message(errno), hint});
    return;
  }
  const std::uint64_t free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
  const auto text = "'" + folder + "' has " +
                    config::format_size(free_bytes / config::mebibyte * config::mebibyte) + " free";
  if (free_bytes < free_bytes_least)
    diagnoses.push_back({"runtime_directory", Health::problem, text, hint});
  else if (free_bytes < config.limits.pack_bytes_max)
    diagnoses.push_back(
        {"runtime_directory", Health::warning, text + ", less than limits.pack_bytes_max", hint});
  else diagnoses.push_back({"runtime_directory", Health::ok, text, ""});
}

void examine_token(const config::Git& git, std::vector<Diagnosis>& diagnoses) {
  if (git.token_file.empty())
    return diagnoses.push_back(
        {"token_file", Health::ok, "none: private repositories cannot be read", ""});
  if (std::ranges::find(diagnoses, "token_file", &Diagnosis::check) == diagnoses.end())
    diagnoses.push_back({"token_file", Health::ok, "'" + git.token_file + "' can be used", ""});
}

void examine_library(std::vector<Diagnosis>& diagnoses) {
  const auto library = git::git_library();
  if (!library.has_shallow)
    diagnoses.push_back({"libgit2", Health::problem,
                         library.version + " knows no shallow fetch and no time-outs",
                         "Install libgit2 1.7 or later; `scripts/install-deps` does."});
  else if (!library.has_https || !library.has_threads)
    diagnoses.push_back({"libgit2", Health::problem,
                         library.version + " was built without https or without threads",
                         "Install the distribution's own libgit2."});
  else
    diagnoses.push_back({"libgit2", Health::ok, library.version + " with https and threads", ""});
}

void examine_url_policy(const config::Git& git, std::vector<Diagnosis>& diagnoses) {
  const auto before = diagnoses.size();
  const auto allows = [&](const char* scheme) {
    return std::ranges::find(git.url_schemes, scheme) != git.url_schemes.end();
  };
  const auto warn = [&](const std::string& message, const std::string& hint) {
    diagnoses.push_back({"git_urls", Health::warning, message, hint});
  };
  if (allows("file"))
    warn("file:// is allowed: whoever connects blogs can publish what this user can read",
         "Remove \"file\" from git.url_schemes where this is no test machine.");
  if (allows("http"))
    warn("http:// is allowed: whoever sits on the way can change what is published",
         "Remove \"http\" from git.url_schemes where this is no test machine.");
  if (git.url_hosts.empty()) warn("every host is allowed", "List the hosts in git.url_hosts.");
  if (git.allow_private_addresses)
    warn("private addresses are allowed: a repository's address can reach inner services",
         "Set git.allow_private_addresses to false where nothing needs it.");
  if (diagnoses.size() > before) return;
  std::string hosts;
  for (const auto& host : git.url_hosts)
    hosts += (hosts.empty() ? "" : ", ") + host;
  diagnoses.push_back({"git_urls", Health::ok, "https from " + hosts + " alone", ""});
}

}  // namespace

std::vector<config::Problem> all_problems(Context& context) {
  const auto& loaded = context.loaded_to_examine();
  auto problems = loaded.problems;
  if (const auto& flag = context.options().database)
    if (const auto fault = pg::conninfo_fault(*flag))
      problems.push_back({"--db", "unable to read the connection string: " + *fault, false,
                          "Write it as `host=… dbname=…`, or as a postgresql:// address."});
  try {
    static_cast<void>(context.resolved_conninfo());
  } catch (const base::Error& error) {
    // That none is named, or runs, is no fault of the settings.
    if (error.code() == "database_foreign")
      problems.push_back({"database.conninfo", error.text(), false, error.hint()});
  }
  for (auto& problem : setup::examine(loaded, context.now()))
    problems.push_back(std::move(problem));
  return problems;
}

void examine_machine(Context& context, std::vector<Diagnosis>& diagnoses) {
  examine_configuration(context, diagnoses);
  const auto& loaded = context.loaded();
  examine_runtime_directory(loaded.config, diagnoses);
  examine_token(loaded.config.git, diagnoses);
  examine_library(diagnoses);
  examine_url_policy(loaded.config.git, diagnoses);
}

}  // namespace devy::cli
