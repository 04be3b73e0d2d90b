#include "core/platform/cluster/init.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/cluster/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <sstream>
#include <system_error>
#include <vector>

namespace devy::cluster {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr std::chrono::seconds file_timeout{10};

// Durable as PostgreSQL ships it; only what a private server needs differently.
constexpr const char* settings = R"conf(
# devy-upload's private cluster: a Unix socket and nothing else.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
jit = off                       # our statements are short; compiling them costs more than it saves
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
log_line_prefix = '%m [%p] '
)conf";

[[noreturn]] void fail(const std::string& path, const std::string& cause) {
  throw Error(ErrorKind::unavailable,
              "unable to make a private PostgreSQL in '" + path + "': " + cause,
              "Check the folder's owner, free space and parents, or set DEVY_CLUSTER_DIRECTORY.",
              "database_init_failed");
}

std::string system_text() {
  return std::generic_category().message(errno);
}

// Parents as they are; missing ones are made for everybody to pass through when root makes them.
void make_directory(const std::string& path, mode_t mode) {
  std::error_code failed;
  const auto parent = fs::path(path).parent_path().string();
  if (!parent.empty() && !fs::exists(parent, failed)) make_directory(parent, mode | 0011U);
  if (mkdir(path.c_str(), mode) == 0) {
    if (chmod(path.c_str(), mode) != 0) fail(path, system_text());  // independently of the umask
    return;
  }
  if (errno != EEXIST) fail(path, system_text());
  if (!fs::is_directory(path, failed)) fail(path, "there is a file of that name");
}

void run_or_fail(const ServerUser& user, const std::string& data,
                 const std::vector<std::string>& arguments, std::chrono::seconds timeout,
                 const std::string& input = {}) {
  const auto result = run_program(user, arguments, timeout, input);
  if (result.exit_status != 0) fail(data, joined_lines(result.output));
}

// The server's own user writes the file: root never writes into a folder that another user
// controls.
void append_file(const ServerUser& user, const std::string& data, const std::string& name,
                 const std::string& text) {
  run_or_fail(user, data, {"/bin/sh", "-c", R"(cat >> "$1")", "sh", data + "/" + name},
              file_timeout, text);
}

// Both the user who starts the server and the one it runs as may be the role `devy`.
std::string identity_map(const ServerUser& user) {
  std::set<std::string> names{user.name};
  if (const auto self = find_user(geteuid())) names.insert(self->name);
  std::string lines = "# map, operating system's user, role\n";
  for (const auto& name : names)
    lines += std::string("devy \"") + name + "\" " + cluster_role + "\n";
  return lines;
}

void check_reachable(const std::string& path, const ServerUser& user) {
  if (!user.needs_drop) return;
  const auto result = run_program(user, {"/usr/bin/test", "-x", path}, file_timeout);
  if (result.exit_status == 0) return;
  throw Error(ErrorKind::unavailable,
              "unable to make a private PostgreSQL in '" + path + "': user '" + user.name +
                  "' may not enter it",
              "PostgreSQL does not run as root; choose a folder whose parents everybody may pass.",
              "database_init_failed");
}

}  // namespace

std::string joined_lines(const std::string& text) {
  std::istringstream lines(text);
  std::string joined, line;
  while (std::getline(lines, line))
    if (!line.empty()) joined += (joined.empty() ? "" : "; ") + line;
  return joined;
}

void make_base_directory(const std::string& path, const ServerUser& user) {
  make_directory(path, user.needs_drop ? 0711 : 0700);
  check_reachable(path, user);
}

void make_private_directory(const std::string& path, const ServerUser& user) {
  make_directory(path, 0700);
  if (user.needs_drop && lchown(path.c_str(), user.uid, user.gid) != 0) fail(path, system_text());
}

void init_cluster(const ClusterPaths& paths, const ClusterOptions& options,
                  const ServerUser& user) {
  const auto binaries = find_binaries({});
  const auto partial = paths.data_directory + ".partial";
  std::error_code failed;
  fs::remove_all(partial, failed);
  make_private_directory(partial, user);
  std::vector<std::string> initdb{binaries + "/initdb",
                                  "-D",
                                  partial,
                                  "-U",
                                  cluster_role,
                                  "--auth=peer",
                                  "--encoding=UTF8",
                                  "--locale=C.UTF-8",
                                  "--data-checksums",
                                  "--no-instructions"};
  if (options.is_throwaway) initdb.emplace_back("--no-sync");
  run_or_fail(user, partial, initdb, cluster_init_timeout);
  append_file(user, partial, "postgresql.conf", settings);
  run_or_fail(user, partial, {"/bin/rm", partial + "/pg_hba.conf", partial + "/pg_ident.conf"},
              file_timeout);
  append_file(user, partial, "pg_hba.conf", "local all devy peer map=devy\n");
  append_file(user, partial, "pg_ident.conf", identity_map(user));
  std::vector<std::string> single{binaries + "/postgres", "--single", "-D", partial};
  if (options.is_throwaway) single.insert(single.end(), {"-F"});
  single.emplace_back("postgres");
  const auto made = run_program(user, single, cluster_init_timeout,
                                std::string("create database ") + cluster_database + ";\n");
  // A stand-alone backend exits with 0 even when its statements failed.
  if (made.exit_status != 0 || made.output.find("ERROR: ") != std::string::npos)
    fail(partial, joined_lines(made.output));
  if (rename(partial.c_str(), paths.data_directory.c_str()) != 0)
    fail(paths.data_directory, system_text());
}

}  // namespace devy::cluster
