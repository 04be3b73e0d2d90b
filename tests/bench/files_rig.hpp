#pragma once
// The servers that files_bench sends to, each with a folder on the same disk: the daemon with
// files, @tus/server, and nginx that takes PUT and serves what it has. Gone with the object. Throws
// std::runtime_error. One thread.

#include <sys/types.h>

#include <memory>
#include <string>

#include "tests/bench/daemon_rig.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {

class FilesRig {
 public:
  static constexpr const char* token = "ghp_alice";

  FilesRig();

  [[nodiscard]] DaemonRig& daemon() { return daemon_; }
  [[nodiscard]] const std::string& ours() const { return address_; }
  [[nodiscard]] const std::string& tus() const { return tus_->said(); }
  [[nodiscard]] const std::string& nginx() const { return nginx_address_; }
  // Where our contents are, and where nginx' are.
  [[nodiscard]] std::string files_folder() const { return folder_ / "files"; }
  [[nodiscard]] std::string nginx_folder() const { return folder_ / "nginx/root"; }
  [[nodiscard]] const testing::TempFolder& folder() const { return folder_; }
  // The process of ours that serves, and its memory in MiB: now, and the most that it ever had.
  [[nodiscard]] pid_t web_process() const;
  [[nodiscard]] double memory_now() const;
  [[nodiscard]] double memory_peak() const;

 private:
  [[nodiscard]] double memory(const char* name) const;
  [[nodiscard]] std::string toml() const;
  void start_nginx();

  testing::TempFolder folder_;
  testing::GithubState github_;
  std::string address_;
  DaemonRig daemon_;
  std::unique_ptr<ServerProcess> tus_, nginx_;
  std::string nginx_address_;
};

}  // namespace devy::bench
