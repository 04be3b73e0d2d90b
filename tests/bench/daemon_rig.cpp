#include "tests/bench/daemon_rig.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "core/platform/base/log.hpp"
#include "core/platform/cluster/private_cluster.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/github/push_sender.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::bench {
namespace {

constexpr std::chrono::seconds daemon_life_max{900}, start_timeout{30};
constexpr int look_every_ms = 100;

bool is_ready(const std::string& admin_socket) {
  try {
    return testing::send_request("unix:" + admin_socket, "GET", "/readyz").status == 200;
  } catch (const std::runtime_error&) {
    return false;  // nobody listens yet
  }
}

cluster::ClusterPaths paths_in(const testing::ClusterFolder& folder) {
  const auto base = folder.path().string();
  return {base + "/data", base + "/socket", base + "/data/server.log"};
}

double seconds_of_usage(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

CpuTime operator-(const CpuTime& later, const CpuTime& earlier) {
  return {later.daemon - earlier.daemon, later.database - earlier.database,
          later.others - earlier.others};
}

DaemonRig::DaemonRig(const DaemonRigOptions& options)
    : server_(folder_ / "repositories"), conninfo_(cluster::start_cluster(paths_in(cluster_))) {
  testing::write_text(folder_ / "secret", std::string(testing::push_secret) + "\n");
  std::filesystem::permissions(folder_ / "secret", std::filesystem::perms::owner_read);
  testing::write_text(
      folder_ / "devy-upload.toml",
      "[git]\nurl_schemes = [\"http\"]\nurl_hosts = []\n"
      "allow_private_addresses = true\n[admin]\naddress = \"unix:" +
          (folder_ / "admin") + "\"\n[listener]\naddresses = [\"" + listener() +
          "\"]\n[webhook]\nsender_check = \"off\"\nunsigned_requests_per_minute = 0\n"
          "secrets = [\"bench " +
          (folder_ / "secret") +
          (options.secret_is_for.empty() ? "" : " for " + options.secret_is_for) +
          "\"]\n[log]\nlevel = \"error\"\n[web]\naddresses = [" +
          (options.web_address.empty() ? "" : "\"" + options.web_address + "\"") + "]\n" +
          options.toml);
  devy({"db", "init"});
}

DaemonRig::~DaemonRig() {
  daemon_.reset();
  try {
    cluster::stop_cluster(paths_in(cluster_), cluster::StopMode::immediate);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the benchmark's PostgreSQL did not stop: %s\n", error.what());
  }
}

testing::ProgramCall DaemonRig::call(const std::string& program) const {
  testing::ProgramCall call;
  call.program = program;
  call.environment = {{"DEVY_DB", conninfo_}, {"DEVY_CONFIG", folder_ / "devy-upload.toml"}};
  call.timeout = daemon_life_max;
  return call;
}

testing::ProgramResult DaemonRig::try_devy(const std::vector<std::string>& arguments) const {
  auto words = call("devy-upload");
  words.arguments = arguments;
  return run_program(words);
}

void DaemonRig::devy(const std::vector<std::string>& arguments) const {
  const auto result = try_devy(arguments);
  if (result.status != 0) throw std::runtime_error("devy-upload: " + result.err);
}

void DaemonRig::start_daemon() {
  daemon_ = std::make_unique<testing::Program>(call("devy-uploadd"));
  const auto until = std::chrono::steady_clock::now() + start_timeout;
  while (!is_ready(folder_ / "admin")) {
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("the daemon is not ready");
    ::poll(nullptr, 0, look_every_ms);
  }
}

void DaemonRig::stop_daemon() {
  daemon_->send_signal(SIGTERM);
  static_cast<void>(daemon_->wait());
  daemon_.reset();
}

void DaemonRig::kill_daemon() {
  daemon_->send_signal(SIGKILL);
  static_cast<void>(daemon_->wait());
  daemon_.reset();
}

std::string DaemonRig::ask(const std::string& sql) const {
  auto text = testing::psql(conninfo_, sql);
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

bool DaemonRig::settle(std::chrono::seconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (number("select count(*) from devy.operation where finished_at is null") > 0) {
    if (std::chrono::steady_clock::now() > until) return false;
    ::poll(nullptr, 0, look_every_ms);
  }
  return true;
}

CpuTime DaemonRig::cpu() const {
  return {daemon_ ? cpu_seconds(daemon_->pid()) : 0,
          cpu_seconds(cluster::cluster_status(paths_in(cluster_)).pid),
          seconds_of_usage(RUSAGE_SELF) + seconds_of_usage(RUSAGE_CHILDREN)};
}

int run_main(const char* name, int argc, char** argv, const std::function<std::string()>& run) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    const auto json = run();
    if (words.size() == 2 && words[0] == "--json") testing::write_text(words[1], json);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 70;
  }
}

}  // namespace devy::bench
