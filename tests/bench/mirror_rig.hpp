#pragma once
// The daemon as a mirror of one repository of GitHub's stand-in, for benchmarks: the rig of the
// daemon, with four runners, and the stand-in with a repository that was filled a day ago. Nothing
// is read at GitHub but what a benchmark asks for. Throws std::runtime_error. One thread.

#include <optional>
#include <string>

#include "tests/bench/daemon_rig.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {

struct MirrorRigOptions {
  int issues = 0, pulls = 0;
  int body_words = 40;      // of an issue
  int files_per_pull = 0;   // on average
  int latency_ms = 0;       // of each answer
  int concurrency = 8;      // github.concurrency
  bool is_for_own = false;  // the secret of deliveries is the repository's own
};

// What the stand-in was asked since somebody forgot it.
struct Requests {
  int sent = 0, charged = 0;
};

class MirrorRig {
 public:
  static constexpr const char *repository = "alice/notes", *token = "ghp_mirror";
  static constexpr int labels = 20, milestones = 10, runners = 4;

  explicit MirrorRig(const MirrorRigOptions& options);

  [[nodiscard]] DaemonRig& daemon() { return *daemon_; }
  [[nodiscard]] const DaemonRig& daemon() const { return *daemon_; }
  [[nodiscard]] const testing::GithubState& github() const { return github_; }
  [[nodiscard]] const std::string& repository_id() const { return repository_id_; }
  // An answer's body, as anybody gets it.
  [[nodiscard]] std::string read(const std::string& path) const;

  // devy-upload with these words, which record a load; waits until that has ended. Returns how long
  // it took by the database's clock, from its first record to its last. Throws where it fails.
  double load(const std::vector<std::string>& words);
  [[nodiscard]] Requests requests() const;
  // How many rows of the repository live, of both: issues (those of pull requests too) and pull
  // requests.
  [[nodiscard]] double rows() const;
  // Compares all rows with the stand-in's facts, by a program that shares no code with either.
  void require_equal_rows() const;

 private:
  testing::TempFolder folder_;
  testing::GithubState github_;
  std::string repository_id_;
  std::optional<DaemonRig> daemon_;
};

}  // namespace devy::bench
