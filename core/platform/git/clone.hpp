#pragma once
// One commit of a remote repository, in a private folder that lives as long as the Clone: bare,
// shallow, one branch, no tags, never checked out. On request the files' blobs are omitted; they
// are then fetched when they are read, or, more efficiently, many at once by prefetch(). A child
// process, which may be killed (wall clock, stall, memory), handles the network and the pack; this
// process only reads the finished object store, and checks an object's size before it is inflated.
//
// Owned by one attempt, used from one thread, move-only. The destructor removes the folder;
// sweep_abandoned_clones() removes folders of killed processes.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/platform/snapshot/object_id.hpp"
#include "core/platform/snapshot/snapshot.hpp"

namespace devy::git {

struct KeptChild;

using snapshot::BlobId;
using snapshot::CommitId;

// Provides a token for an address for which config.git.token_file has none; empty when there is
// none.
struct TokenRequest {
  std::string url;
  std::optional<std::int64_t> github_id;  // FetchRequest's
  // The server requires a token other than the last one; an error of the kind not_found then says
  // why there is none.
  bool is_refused = false;
};
using TokenSource =
    std::function<base::Secret(const TokenRequest& request, const std::stop_token& stop)>;

// A request for a fetch. Borrowed strings are copied.
struct FetchRequest {
  std::string url;
  std::string branch = {};              // a short name; empty: the remote's default branch
  std::optional<CommitId> commit = {};  // exactly this commit instead of the branch's tip
  // Nothing is fetched when the tip is still this commit.
  std::optional<CommitId> skip_if_tip_is = {};
  TokenSource tokens = {};  // used besides config.git.token_file
  // Files may be omitted, where the server supports that, and fetched when they are read.
  bool may_be_partial = false;
  // The repository's id at GitHub, which does not change when a redirect is followed: a token is
  // asked for that repository alone. Empty: not known.
  std::optional<std::int64_t> github_id = {};
  // The tip's parents come with it, so that its new files are known as such without a further fetch
  // (Clone::first_commits). Leaves them out where they would make the pack too large.
  bool brings_parents = false;
};

struct Progress {
  std::uint64_t received_bytes = 0;
  std::uint32_t received_objects = 0, indexed_objects = 0, total_objects = 0;
};
using OnProgress = std::function<void(const Progress&)>;

// The commit that the remote's branch points to. `url` differs from the request's when the remote
// redirected (a renamed repository) and the policy allowed following it.
struct Tip {
  std::string branch;
  CommitId commit;
  std::string url;
};

// Asks for the tips of many remotes in sequence with one child process, because starting a child
// costs several times as much as asking. A remote that ends the child, or makes it hang, costs the
// next one a new child. Used from one thread, which must outlive it; move-only.
class TipAsker {
 public:
  // `tokens` is used when a request has none.
  explicit TipAsker(TokenSource tokens = {});
  TipAsker(TipAsker&&) noexcept;
  TipAsker& operator=(TipAsker&&) noexcept;
  ~TipAsker();
  // Throws Error with these codes (kind in brackets; each has a hint):
  //   url_not_allowed, repository_not_found, authentication_required, repository_moved,
  //   repository_empty, branch_gone, commit_gone, pack_too_large, object_format_unsupported,
  //   tls_verify [rejected or denied];
  //   remote_unavailable, fetch_stalled, fetch_timed_out, rate_limited, pack_broken [unavailable];
  //   out_of_memory, disk_full [internal]; stopped [stopped]; and what the token source throws:
  //   app_not_installed, github_unauthorized, github_unavailable.
  [[nodiscard]] Tip ask(const config::Config& config, const FetchRequest& request,
                        const std::stop_token& stop = {});

 private:
  TokenSource tokens_;
  std::unique_ptr<KeptChild> child_;
};

// One entry of a tree.
enum class FileKind {
  regular,
  symlink,
  submodule,
  folder,  // never passed to on_file of a walk
};
struct TreeFile {
  std::string path;  // valid UTF-8, '/'-separated, checked: no empty, ".", "..", ".git" part
  BlobId blob;       // for a folder its tree, for a submodule its commit
  FileKind kind = FileKind::regular;
};

// A commit that has none of the files whose first commits are looked for, and when it was made.
struct Since {
  Since(base::TimePoint committed, std::optional<CommitId> of = {}) : at(committed), commit(of) {}
  base::TimePoint at;
  std::optional<CommitId> commit;
};

// When files first appeared, by path.
struct FirstCommits {
  std::unordered_map<std::string, base::TimePoint> authored_at;
  // Why it is not known of some; empty where nothing went wrong.
  std::string obstacle;
  bool is_passing = false;  // another try might succeed
  bool is_cut = false;      // the history that is there ends before some file began
  std::size_t commits = 0;  // that were looked at
};

class Clone {
 public:
  // Throws what TipAsker::ask() throws.
  [[nodiscard]] static Clone fetch(const config::Config& config, const FetchRequest& request,
                                   const OnProgress& on_progress, const std::stop_token& stop = {});
  // Reads a repository or plain folder on this disk, for `devy-upload check`. The content of its
  // working tree is copied into the private folder, so that one reader serves both.
  [[nodiscard]] static Clone import_directory(const config::Config& config,
                                              const std::string& directory);
  Clone(Clone&&) noexcept;
  Clone& operator=(Clone&&) noexcept;
  ~Clone();

  // False when skip_if_tip_is matched; then only tip() is available.
  [[nodiscard]] bool has_tree() const;
  [[nodiscard]] const Tip& tip() const;
  [[nodiscard]] base::TimePoint committed_at() const;
  // The message of the commit; empty for a folder on this disk.
  [[nodiscard]] std::string message() const;
  // Finds the commits in which these files of this commit first appeared (first_commits.hpp), in a
  // history that is fetched for it without contents, within limits.history_*. With `since` the
  // history from then on is tried first; nothing is fetched where that commit is the tip's only
  // parent, and came with it.
  // Throws Error(stopped); any other failure is the result's obstacle.
  [[nodiscard]] FirstCommits first_commits(const std::vector<std::string>& paths,
                                           const std::optional<Since>& since,
                                           const OnProgress& on_progress) const;

  // Size of the pack; it grows as blobs are fetched.
  [[nodiscard]] std::uint64_t received_bytes() const;
  [[nodiscard]] bool is_partial() const;
  // Prefetches these blobs together. It is optional: functions that read a blob fetch it, too.
  // Throws what fetch() throws.
  void prefetch(std::span<const BlobId> blobs) const;

  // Walks the tree under `root` ("" or "." is all of it) in path order. `wants_folder` is called
  // before a folder is entered; a folder that it refuses costs one entry. Bad names (traversal,
  // control characters, invalid UTF-8, over-long) become `warnings` and are skipped. Throws
  // Error(rejected) with tree_too_large, tree_too_deep or root_missing. `on_passed` is called for
  // what the walk leaves out: refused folders, and entries beside the way to the root, whatever
  // their names. With what on_file received, that is the whole tree.
  void walk(std::string_view root, const std::function<bool(std::string_view)>& wants_folder,
            const std::function<void(const TreeFile&)>& on_file,
            std::vector<snapshot::FileError>& warnings,
            const std::function<void(const TreeFile&)>& on_passed = {}) const;
  // Lists the files below a folder that a walk passed, for those who only want to count what is
  // there: whatever their names, and nothing is too large or too deep. `entries_left` is what may
  // still be read, and is counted down. Returns false when there is more.
  [[nodiscard]] bool look_below(const TreeFile& folder, std::uint32_t& entries_left,
                                const std::function<void(const TreeFile&)>& on_file) const;
  // Returns the entry at a path, which may be a folder, or "." for the tree itself. Folders that
  // were read are cached; once they have more entries than four times limits.tree_entries_max in
  // all, looking into further folders throws Error(rejected, "tree_too_large").
  [[nodiscard]] std::optional<TreeFile> find(const std::string& path) const;

  // Returns nothing when no regular file has that path. Throws Error(rejected, "file_too_large").
  [[nodiscard]] std::optional<std::string> read_file(std::string_view path,
                                                     std::uint64_t bytes_max) const;
  // Returns the size without inflating the blob.
  [[nodiscard]] std::uint64_t blob_bytes(const BlobId& blob) const;
  // Throws Error(rejected, "file_too_large") without inflating.
  [[nodiscard]] std::string read_blob(const BlobId& blob, std::uint64_t bytes_max) const;

 private:
  struct Impl;
  explicit Clone(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Removes the folders of attempts whose process no longer exists. Returns how many.
std::size_t sweep_abandoned_clones(const config::Config& config);

}  // namespace devy::git
