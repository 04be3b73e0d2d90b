#include "core/platform/cluster/programs.hpp"

#include "core/platform/base/error.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

namespace devy::cluster {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* debian_binaries = "/usr/lib/postgresql";
constexpr std::chrono::seconds pg_config_timeout{5};

constexpr std::size_t passwd_bytes_max = 16'384;  // what sysconf() suggests on glibc, and more

// Calls getpwuid_r() or getpwnam_r(); the older getpwuid() and getpwnam() share one entry between
// threads.
template <class Ask>
std::optional<ServerUser> ask_user(const Ask& ask) {
  std::array<char, passwd_bytes_max> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (ask(&entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  return ServerUser{entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_uid != geteuid()};
}

ServerUser user_by_id(uid_t uid) {
  if (auto user = find_user(uid)) return *std::move(user);
  throw Error(ErrorKind::unavailable,
              "unable to run a private PostgreSQL: user id " + std::to_string(uid) + " has no name",
              "Run it as a user that is known to the system, or name a server with --db.",
              "database_user_unknown");
}

bool has_binaries(const std::string& folder) {
  return access((folder + "/initdb").c_str(), X_OK) == 0 &&
         access((folder + "/pg_ctl").c_str(), X_OK) == 0;
}

// "/usr/lib/postgresql/15/bin" → 15; 0 where the path does not say it.
int major_of(const std::string& folder) {
  const auto parent = std::filesystem::path(folder).parent_path().filename().string();
  return std::atoi(parent.c_str());
}

std::vector<std::string> candidate_folders() {
  std::vector<std::string> folders;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(debian_binaries, ignored))
    folders.push_back((entry.path() / "bin").string());
  std::sort(folders.begin(), folders.end(),
            [](const auto& a, const auto& b) { return major_of(a) > major_of(b); });
  if (access("/usr/bin/pg_config", X_OK) == 0) {
    const ServerUser self{{}, geteuid(), getegid(), false};
    auto result = run_program(self, {"/usr/bin/pg_config", "--bindir"}, pg_config_timeout);
    while (!result.output.empty() && result.output.back() == '\n')
      result.output.pop_back();
    if (result.exit_status == 0) folders.push_back(result.output);
  }
  return folders;
}

}  // namespace

std::optional<ServerUser> find_user(uid_t uid) {
  return ask_user([&](auto... out) { return getpwuid_r(uid, out...); });
}

ServerUser server_user(const std::string& data_directory) {
  struct stat folder {};
  if (stat(data_directory.c_str(), &folder) == 0 && folder.st_uid != 0) {
    if (geteuid() == 0 || folder.st_uid == geteuid()) return user_by_id(folder.st_uid);
    throw Error(ErrorKind::denied,
                "unable to run the private PostgreSQL in '" + data_directory +
                    "': it belongs to another user",
                "Run the command as that user, or choose another folder.");
  }
  if (geteuid() != 0) return user_by_id(geteuid());
  for (const char* name : {"postgres", "nobody"})
    if (auto user = ask_user([&](auto... out) { return getpwnam_r(name, out...); }))
      return *std::move(user);
  throw Error(ErrorKind::unavailable,
              "unable to run a private PostgreSQL as root: there is no user 'postgres' or 'nobody'",
              "Run the command as an ordinary user.", "database_user_unknown");
}

std::string find_binaries(const std::string& major) {
  if (const char* named = std::getenv("DEVY_POSTGRES_BINDIR"); named && *named) {
    if (has_binaries(named)) return named;
    throw Error(ErrorKind::unavailable,
                std::string("unable to find initdb and pg_ctl in '") + named + "'",
                "Set DEVY_POSTGRES_BINDIR to the folder that holds PostgreSQL's programs.",
                "database_programs_missing");
  }
  for (const auto& folder : candidate_folders())
    if (has_binaries(folder) && (major.empty() || std::to_string(major_of(folder)) == major))
      return folder;
  if (major.empty())
    throw Error(ErrorKind::unavailable, "unable to find PostgreSQL's programs: it is not installed",
                "Install it with `apt-get install postgresql`, or name a server with --db.",
                "database_programs_missing");
  throw Error(ErrorKind::unavailable,
              "unable to find the programs of PostgreSQL " + major + ", which made this cluster",
              "Install them with `apt-get install postgresql-" + major +
                  "`, or set DEVY_POSTGRES_BINDIR to their folder.",
              "database_programs_missing");
}

}  // namespace devy::cluster
