#include "core/platform/git/history_source.hpp"

#include <filesystem>
#include <utility>

#include "core/platform/base/log.hpp"
#include "core/platform/git/object_store.hpp"

namespace devy::git {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

// Tells whether another try could work, with the same repository and the same configuration.
bool is_passing_failure(const Error& error) {
  return error.code() != "history_declined" && error.code() != "history_too_large" &&
         error.code() != "pack_too_large" && error.code() != "tree_too_large" &&
         error.code() != "fetch_timed_out";
}

// A fetched history is read once.
class Discarded {
 public:
  explicit Discarded(std::string path) : path_(std::move(path)) {}
  Discarded(const Discarded&) = delete;
  Discarded& operator=(const Discarded&) = delete;
  ~Discarded() {
    std::error_code ignored;  // the clone's folder is removed as a whole, too
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

HistorySource::HistorySource(const config::Config& config, const FetchResult& fetched,
                             const FetchRequest& request, std::string folder, std::stop_token stop)
    : config_(config),
      tip_repository_(fetched.repository),
      commit_(fetched.tip.commit),
      stop_(std::move(stop)) {
  // A fetch by path is never shallow.
  if (fetched.tip.url.starts_with("file://")) repository_ = fetched.repository;
  request_.url = fetched.tip.url;
  request_.commit = fetched.tip.commit;
  request_.directory = std::move(folder);
  request_.has_shown_token = fetched.has_shown_token;
  request_.tokens = request.tokens;
  request_.github_id = request.github_id;
}

HistorySource::HistorySource(const config::Config& config, const std::string& directory)
    : config_(config) {
  use_libgit2();
  git_repository* raw = nullptr;
  if (git_repository_open_ext(&raw, directory.c_str(), 0, nullptr) < 0) return;
  const RepositoryHandle repository(raw);
  git_oid head;
  if (git_reference_name_to_id(&head, raw, "HEAD") < 0) return;
  const auto* work_tree = git_repository_workdir(raw);
  if (work_tree == nullptr) return;
  const auto below = fs::relative(fs::weakly_canonical(directory), fs::weakly_canonical(work_tree))
                         .generic_string();
  if (below != ".") prefix_ = below + "/";
  repository_ = git_repository_commondir(raw);
  commit_ = CommitId{to_blob_id(head).bytes};
}

FirstCommits HistorySource::find(const std::vector<std::string>& paths,
                                 const std::optional<Since>& since,
                                 const OnProgress& on_progress) const {
  FirstCommits result;
  if (!commit_) return result;
  try {
    auto found =
        repository_.empty()
            ? find_at_remote(paths, since, on_progress)
            : find_in(repository_, paths,
                      base::system_clock().monotonic_now() + config_.limits.history_wall_clock,
                      on_progress);
    result.authored_at = std::move(found.authored_at);
    result.commits = found.commits;
    result.is_cut = found.is_cut;
    if (found.is_cut) result.obstacle = "the history that is there ends before they began";
  } catch (const Error& error) {
    // A request to stop is no fault of the history.
    if (error.kind() == ErrorKind::stopped) throw;
    result.obstacle = error.text();
    result.is_passing = is_passing_failure(error);
    base::log::warning("history not read", {{"repository", request_.url}, {"error", error.text()}});
  }
  return result;
}

FirstCommitsFound HistorySource::find_in(const std::string& repository,
                                         const std::vector<std::string>& paths,
                                         base::MonotonicTime ends_at,
                                         const OnProgress& on_progress) const {
  const ObjectStore store(repository, config_.limits);
  base::MonotonicTime reported_at;
  const auto check = [&] {
    if (stop_.stop_requested())
      throw Error(ErrorKind::stopped, "unable to read a history: asked to stop");
    const auto now = base::system_clock().monotonic_now();
    if (!on_progress || now - reported_at < progress_interval) return;
    reported_at = now;
    on_progress({});
  };
  const HistoryLimits limits{config_.limits.history_commits_max, config_.limits.tree_depth_max,
                             ends_at, check};
  if (prefix_.empty()) return find_first_commits(store, *commit_, paths, limits);
  auto full_paths = paths;
  for (auto& path : full_paths)
    path.insert(0, prefix_);
  auto found = find_first_commits(store, *commit_, full_paths, limits);
  FirstCommitsFound result;
  result.commits = found.commits;
  result.is_cut = found.is_cut;
  for (const auto& [path, at] : found.authored_at)
    result.authored_at.emplace(path.substr(prefix_.size()), at);
  return result;
}

// A push of one commit: its parent is the commit that has none of these files. Returns nothing
// where the history from then on is longer, or where a file was renamed and is older.
std::optional<FirstCommitsFound> HistorySource::find_in_tip(const std::vector<std::string>& paths,
                                                            const std::optional<Since>& since,
                                                            base::MonotonicTime ends_at) const {
  if (!since || !since->commit) return std::nullopt;
  const ObjectStore store(tip_repository_, config_.limits);
  const auto tip = store.commit_node(*commit_);
  if (!tip || tip->parents != std::vector{*since->commit} || !store.commit_node(*since->commit))
    return std::nullopt;
  auto found = find_in(tip_repository_, paths, ends_at, {});
  if (found.is_cut) return std::nullopt;
  return found;
}

FirstCommitsFound HistorySource::find_at_remote(const std::vector<std::string>& paths,
                                                const std::optional<Since>& since,
                                                const OnProgress& on_progress) const {
  auto request = request_;
  request.ends_at = base::system_clock().monotonic_now() + config_.limits.history_wall_clock;
  if (auto found = find_in_tip(paths, since, request.ends_at)) return *std::move(found);
  if (since) {
    request.since =
        std::chrono::duration_cast<std::chrono::seconds>(since->at.time_since_epoch()).count();
    try {
      const Discarded recent(run_history(config_, request, on_progress, stop_));
      auto found = find_in(recent.path(), paths, request.ends_at, on_progress);
      if (!found.is_cut) return found;
    } catch (const Error& error) {
      // A server refuses a time after which there is nothing, and may just end then.
      if (error.kind() == ErrorKind::stopped || error.code() == "fetch_timed_out") throw;
    }
  }
  request.since.reset();
  const Discarded history(run_history(config_, request, on_progress, stop_));
  return find_in(history.path(), paths, request.ends_at, on_progress);
}

}  // namespace devy::git
