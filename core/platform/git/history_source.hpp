#pragma once
// Where a Clone finds the history of its commit: fetched from the remote without contents when
// somebody asks, or at hand in a repository of this disk. Owned by one Clone; one thread;
// move-only.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/git/fetch_process.hpp"
#include "core/platform/git/first_commits.hpp"

namespace devy::git {

class HistorySource {
 public:
  // That of a remote. `folder` is the Clone's.
  HistorySource(const config::Config& config, const FetchResult& fetched,
                const FetchRequest& request, std::string folder, std::stop_token stop);
  // That of the repository to which a folder of this disk belongs. Without one, or before its first
  // commit, nothing is ever found.
  HistorySource(const config::Config& config, const std::string& directory);

  // See Clone::first_commits().
  [[nodiscard]] FirstCommits find(const std::vector<std::string>& paths,
                                  const std::optional<Since>& since,
                                  const OnProgress& on_progress) const;

 private:
  [[nodiscard]] FirstCommitsFound find_in(const std::string& repository,
                                          const std::vector<std::string>& paths,
                                          base::MonotonicTime ends_at,
                                          const OnProgress& on_progress) const;
  [[nodiscard]] FirstCommitsFound find_at_remote(const std::vector<std::string>& paths,
                                                 const std::optional<Since>& since,
                                                 const OnProgress& on_progress) const;

  [[nodiscard]] std::optional<FirstCommitsFound> find_in_tip(const std::vector<std::string>& paths,
                                                             const std::optional<Since>& since,
                                                             base::MonotonicTime ends_at) const;

  config::Config config_;
  std::string tip_repository_;  // that of the clone, which has the tip and perhaps its parents
  std::string repository_;      // of this disk, which has the history; empty: fetch it
  std::optional<CommitId> commit_;
  std::string prefix_;  // of the folder in its repository, with a slash at its end
  HistoryRequest request_;
  std::stop_token stop_;
};

}  // namespace devy::git
