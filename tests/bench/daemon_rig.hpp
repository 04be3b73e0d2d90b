#pragma once
// The real daemon with all that it needs, for benchmarks: a durable private PostgreSQL on disk, a
// git server, a configuration, webhooks heard at a Unix socket. Gone with the object. Throws
// std::runtime_error. One thread.

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/git/git_http_server.hpp"
#include "tests/support/postgres/cluster_folder.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {

// Seconds of the processors.
struct CpuTime {
  double daemon = 0, database = 0;
  double others = 0;  // this process: the git server, and who sends deliveries
};
[[nodiscard]] CpuTime operator-(const CpuTime& later, const CpuTime& earlier);

struct DaemonRigOptions {
  std::string toml;  // what the configuration says besides what it must
  // GitHub's id of the only repository that the deliveries' secret is for; empty: of any.
  std::string secret_is_for = {};
  std::string web_address = {};  // where it serves pages; empty: nowhere
};

class DaemonRig {
 public:
  explicit DaemonRig(const std::string& toml) : DaemonRig(DaemonRigOptions{toml}) {}
  explicit DaemonRig(const DaemonRigOptions& options);
  DaemonRig(const DaemonRig&) = delete;
  DaemonRig& operator=(const DaemonRig&) = delete;
  ~DaemonRig();

  void start_daemon();  // and hears that it is ready
  void stop_daemon();
  // With SIGKILL: its children go with it, whatever they are doing.
  void kill_daemon();
  [[nodiscard]] pid_t daemon_pid() const { return daemon_->pid(); }
  // devy-upload with these words; throws when it fails.
  void devy(const std::vector<std::string>& arguments) const;
  [[nodiscard]] testing::ProgramResult try_devy(const std::vector<std::string>& arguments) const;

  [[nodiscard]] std::string conninfo() const { return conninfo_; }
  // What psql prints, without the last line end.
  [[nodiscard]] std::string ask(const std::string& sql) const;
  [[nodiscard]] double number(const std::string& sql) const { return std::stod(ask(sql)); }
  // Until nothing waits and nothing runs; false when that takes longer.
  [[nodiscard]] bool settle(std::chrono::seconds patience) const;

  [[nodiscard]] std::string repositories() const { return folder_ / "repositories"; }
  [[nodiscard]] const testing::GitHttpServer& git_server() const { return server_; }
  [[nodiscard]] std::string socket() const { return folder_ / "public"; }
  [[nodiscard]] std::string listener() const { return "unix:" + socket(); }
  [[nodiscard]] const testing::TempFolder& folder() const { return folder_; }
  [[nodiscard]] CpuTime cpu() const;

 private:
  [[nodiscard]] testing::ProgramCall call(const std::string& program) const;

  testing::ClusterFolder cluster_;
  testing::TempFolder folder_;
  testing::GitHttpServer server_;
  std::string conninfo_;
  std::unique_ptr<testing::Program> daemon_;
};

// What a benchmark's main() does: runs it, writes the JSON that it gives where --json FILE asks for
// that, and gives the exit status.
[[nodiscard]] int run_main(const char* name, int argc, char** argv,
                           const std::function<std::string()>& run);

}  // namespace devy::bench
