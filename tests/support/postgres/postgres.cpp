#include "tests/support/postgres/postgres.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/platform/cluster/init.hpp"
#include "core/platform/cluster/programs.hpp"
#include "embedded/schema_sql.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/postgres/psql.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

namespace fs = std::filesystem;

constexpr cluster::ClusterOptions throwaway{.is_throwaway = true};
constexpr std::chrono::seconds standby_patience{30};

// Ends a server whose program was killed, and takes its folder away. In the background and in a
// session of its own, so that whoever kills the program's process tree does not find it.
constexpr const char* reaper_script = R"sh(
exec 3<&0
(
  read -r _ <&3
  test -e "$1/data/postmaster.pid" && kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
  rm -rf "$1" || { sleep 2; rm -rf "$1"; }  # it may still have been writing
) >/dev/null 2>&1 &
)sh";

std::string unique_name(const char* purpose) {
  static std::atomic<int> count{0};
  return std::string(purpose) + "_" + std::to_string(++count);
}

pid_t parent_of(const fs::path& process) {
  std::ifstream file(process / "status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("PPid:")) return static_cast<pid_t>(std::stol(line.substr(5)));
  return 0;
}

}  // namespace

PostgresServer::PostgresServer(PostgresServer* primary) {
  const auto base = folder_.path().string();
  paths_ = {base + "/data", base + "/socket", base + "/data/server.log"};
  start_reaper();
  if (primary != nullptr) copy_from(*primary);
  start();
}

std::unique_ptr<PostgresServer> PostgresServer::standby_of(PostgresServer& primary) {
  return std::unique_ptr<PostgresServer>(new PostgresServer(&primary));
}

void PostgresServer::copy_from(PostgresServer& primary) {
  if (!primary.has_standbys_) {
    std::ofstream(primary.paths_.data_directory + "/pg_hba.conf", std::ios::app)
        << "local replication devy peer map=devy\n";
    static_cast<void>(psql(primary.conninfo("postgres"), "select pg_reload_conf()"));
    primary.has_standbys_ = true;
  }
  const auto user = cluster::server_user(primary.paths_.data_directory);
  cluster::make_private_directory(paths_.data_directory, user);
  const auto copied = cluster::run_program(
      user,
      {cluster::find_binaries({}) + "/pg_basebackup", "-D", paths_.data_directory, "-d",
       primary.conninfo("postgres"), "--write-recovery-conf", "--checkpoint=fast", "--no-sync"},
      cluster::cluster_init_timeout);
  if (copied.exit_status != 0) throw std::runtime_error("pg_basebackup: " + copied.output);
  // The copied log is the primary's.
  fs::remove(paths_.log_file);
}

PostgresServer::~PostgresServer() {
  try {
    if (is_paused_) resume();
    stop(cluster::StopMode::immediate);
  } catch (const std::exception& error) {
    // The reaper has another go when the pipe closes.
    static_cast<void>(fprintf(stderr, "the test's PostgreSQL did not stop: %s\n", error.what()));
  }
  close(reaper_pipe_);
}

void PostgresServer::start_reaper() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("unable to open a pipe");
  reaper_pipe_ = ends[1];
  auto base = folder_.path().string();
  std::string shell = "/bin/sh", option = "-c", script = reaper_script, name = "reaper";
  std::array<char*, 6> argv{shell.data(), option.data(), script.data(),
                            name.data(),  base.data(),   nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, shell.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  if (failed != 0) throw std::runtime_error("unable to start the reaper");
  waitpid(pid, nullptr, 0);
}

std::string PostgresServer::conninfo(std::string_view database) const {
  return "host=" + paths_.socket_directory + " port=5432 user=devy dbname=" + std::string(database);
}

std::string PostgresServer::socket_path() const {
  return paths_.socket_directory + "/.s.PGSQL.5432";
}

pid_t PostgresServer::pid() const {
  return cluster::cluster_status(paths_).pid;
}

void PostgresServer::execute(const std::string& sql) {
  static_cast<void>(sessions_.run(conninfo("postgres"), sql));
}

void PostgresServer::stop(cluster::StopMode mode) {
  sessions_.close_idle();
  cluster::stop_cluster(paths_, mode);
}

void PostgresServer::start() {
  static_cast<void>(cluster::start_cluster(paths_, throwaway));
}

void PostgresServer::restart(cluster::StopMode mode) {
  stop(mode);
  start();
}

void PostgresServer::signal_all(int number) const {
  const pid_t server = pid();
  if (server <= 1) throw std::runtime_error("the test's PostgreSQL does not run");
  kill(server, number);
  std::error_code ignored;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const auto name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (parent_of(process.path()) == server) kill(static_cast<pid_t>(std::stol(name)), number);
  }
}

void PostgresServer::pause() {
  signal_all(SIGSTOP);
  is_paused_ = true;
}

void PostgresServer::resume() {
  signal_all(SIGCONT);
  is_paused_ = false;
}

void PostgresServer::commit_synchronously(bool is_synchronous) {
  const std::string names = is_synchronous ? "'*'" : "''";
  // Said in one session: a setting takes no commit, which would wait already.
  static_cast<void>(psql(conninfo("postgres"), "alter system set synchronous_standby_names = " +
                                                   names + "; select pg_reload_conf()"));
  if (!is_synchronous) return;
  const auto until = std::chrono::steady_clock::now() + time_factor * standby_patience;
  for (; psql(conninfo("postgres"),
              "select count(*) from pg_stat_replication where sync_state = 'sync'") != "1\n";
       pause_before_looking_again())
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("the standby does not follow");
}

void PostgresServer::promote() {
  static_cast<void>(psql(conninfo("postgres"), "select pg_promote()"));
}

const std::string& PostgresServer::template_with_schema() {
  if (!template_name_.empty()) return template_name_;
  static_cast<void>(psql(conninfo("postgres"), "create database schema_template"));
  static_cast<void>(psql(conninfo("schema_template"), std::string(embedded::schema_sql)));
  template_name_ = "schema_template";
  return template_name_;
}

PostgresServer& postgres() {
  static PostgresServer server;
  return server;
}

TestDatabase::TestDatabase(Contents contents) : name_(unique_name("test")), server_(&postgres()) {
  auto& server = postgres();
  const auto source =
      contents == Contents::schema ? server.template_with_schema() : std::string("template0");
  // Half the time of a copy through the log; nobody here pays for the checkpoint.
  server.execute("create database " + name_ + " template " + source + " strategy file_copy");
}

TestDatabase::~TestDatabase() {
  sessions_.close_idle();
  try {
    postgres().execute("drop database if exists " + name_ + " with (force)");
  } catch (const std::exception&) {
    // A test that leaves its server stopped takes the databases with it at the end.
    name_.clear();
  }
}

void TestDatabase::move_to(const PostgresServer& server) {
  sessions_.close_idle();
  server_ = &server;
}

std::string TestDatabase::conninfo() const {
  return server_->conninfo(name_);
}

std::string TestDatabase::ask(std::string_view sql) const {
  return SqlSessions::can_run(sql) ? sessions_.run(conninfo(), std::string(sql))
                                   : psql(conninfo(), sql);
}

void TestDatabase::execute(std::string_view sql) const {
  static_cast<void>(ask(sql));
}

std::string TestDatabase::scalar(std::string_view sql) const {
  const auto found = rows(sql);
  if (found.size() != 1)
    throw std::runtime_error(std::to_string(found.size()) +
                             " rows instead of one from: " + std::string(sql));
  return found.front();
}

long TestDatabase::number(std::string_view sql) const {
  return std::stol(scalar(sql));
}

std::vector<std::string> TestDatabase::rows(std::string_view sql) const {
  std::istringstream lines(ask(sql));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);)
    found.push_back(line);
  return found;
}

void TestDatabase::load(const std::string& path) const {
  execute("\\i '" + path + "'");
}

}  // namespace devy::testing
