#pragma once
// One commit of a remote repository, in a private folder that lives as long as the Clone: bare,
// shallow, one branch, no tags, never checked out; where that was asked for, without the files'
// blobs, which are then brought as they are read, or, better, many at once by bring(). The network
// and the pack are handled by a child process that may be killed (wall clock, stall, memory); this
// process only reads the finished object store, asking an object's size before it is inflated.
//
// Owned by one attempt, used from one thread, move-only. The destructor removes the folder; folders
// of processes that were killed are removed by sweep_abandoned_clones().

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"
#include "core/config/config.hpp"
#include "core/snapshot/file_error.hpp"
#include "core/snapshot/object_id.hpp"
#include "core/snapshot/snapshot.hpp"

namespace devy::repository {

struct KeptChild;

using snapshot::BlobId;
using snapshot::CommitId;

// A token for an address that config.git.token_file has none for; empty: there is none. Where
// `is_refused` the server wants one, and another than it gave before: what it throws then of the
// kind not_found is why there is none.
using TokenSource = std::function<base::Secret(const std::string& url, bool is_refused,
                                               const std::stop_token& stop)>;

// What to fetch. Borrowed strings are copied.
struct FetchRequest {
  std::string url;
  std::string branch = {};                      // short name; empty: the remote's default branch
  std::optional<CommitId> commit = {};          // exactly this commit instead of the branch's tip
  std::optional<CommitId> skip_if_tip_is = {};  // nothing is fetched when the tip is still this
  TokenSource tokens = {};                      // beside config.git.token_file
  // Files may be left out, where the server can do that, and be brought when they are read.
  bool may_be_partial = false;
};

struct Progress {
  std::uint64_t received_bytes = 0;
  std::uint32_t received_objects = 0, indexed_objects = 0, total_objects = 0;
};
using OnProgress = std::function<void(const Progress&)>;

// Where the remote's branch stands. `url` differs from the request's when the remote redirected
// (a renamed repository) and the policy allowed following it.
struct Tip {
  std::string branch;
  CommitId commit;
  std::string url;
};

// Throws Error with these codes (kind in brackets; each has a hint):
//   url_not_allowed, repository_not_found, authentication_required, repository_moved,
//   repository_empty, branch_gone, commit_gone, pack_too_large, tls_verify [rejected or denied];
//   remote_unavailable, fetch_stalled, fetch_timed_out, rate_limited, pack_broken [unavailable];
//   out_of_memory, disk_full [internal]; stopped [stopped]; and what the token source throws:
//   app_not_installed, github_unauthorized, github_unavailable.
[[nodiscard]] Tip ask_tip(const config::Config& config, const FetchRequest& request,
                          const std::stop_token& stop = {});

// The same for many remotes, one after the other, by one child: to start one costs several times
// what asking does. A remote that ends the child, or keeps it waiting, costs the next one a new
// child. Used from one thread, which it may not outlive; move-only.
class TipAsker {
 public:
  // `tokens`: where a request brings none.
  explicit TipAsker(TokenSource tokens = {});
  TipAsker(TipAsker&&) noexcept;
  TipAsker& operator=(TipAsker&&) noexcept;
  ~TipAsker();
  [[nodiscard]] Tip ask(const config::Config& config, const FetchRequest& request,
                        const std::stop_token& stop = {});

 private:
  TokenSource tokens_;
  std::unique_ptr<KeptChild> child_;
};

struct BlobHeader {
  std::uint64_t size_bytes = 0;
};

// One entry of a tree.
enum class FileKind {
  regular,
  symlink,
  submodule,
  folder,  // never from on_file of a walk
};
struct TreeFile {
  std::string path;  // valid UTF-8, '/'-separated, checked: no empty, ".", "..", ".git" part
  BlobId blob;       // of a folder its tree, of a submodule its commit
  FileKind kind = FileKind::regular;
};

class Clone {
 public:
  // Throws as ask_tip() does.
  [[nodiscard]] static Clone fetch(const config::Config& config, const FetchRequest& request,
                                   const OnProgress& on_progress, const std::stop_token& stop = {});
  // A repository or plain folder on this disk, for `devy-upload check`: what its working tree holds
  // (a copy is made in the private folder, so that one reader serves both).
  [[nodiscard]] static Clone import_directory(const config::Config& config,
                                              const std::string& directory);
  Clone(Clone&&) noexcept;
  Clone& operator=(Clone&&) noexcept;
  ~Clone();

  // False when skip_if_tip_is matched: only tip() is there.
  [[nodiscard]] bool has_tree() const;
  [[nodiscard]] const Tip& tip() const;
  [[nodiscard]] base::TimePoint committed_at() const;

  // Of the pack; grows as blobs are brought.
  [[nodiscard]] std::uint64_t received_bytes() const;
  [[nodiscard]] bool is_partial() const;
  // Makes sure that these can be read, in one go; what reads a blob brings it, too. Throws as
  // fetch() does.
  void bring(std::span<const BlobId> blobs) const;

  // Walks the tree under `root` ("" or "." is all of it) in path order. `wants_folder` is asked
  // before a folder is entered; a folder it refuses costs one entry. Bad names (traversal, control
  // characters, invalid UTF-8, over-long) become `warnings` and are skipped. Throws Error(rejected)
  // with tree_too_large, tree_too_deep or root_missing. `on_passed` gets what the walk leaves out:
  // folders that were refused, and what lies beside the way to the root, whatever their names.
  // Together with what on_file got that is all of the tree.
  void walk(std::string_view root, const std::function<bool(std::string_view)>& wants_folder,
            const std::function<void(const TreeFile&)>& on_file,
            std::vector<snapshot::FileError>& warnings,
            const std::function<void(const TreeFile&)>& on_passed = {}) const;
  // What is at a path, a folder or "." for the tree itself included. Folders that were read are
  // remembered; with more entries than four times limits.tree_entries_max in all it throws
  // Error(rejected, "tree_too_large") for those that were not.
  [[nodiscard]] std::optional<TreeFile> find(const std::string& path) const;

  // Nothing when no regular file has that path. Throws Error(rejected, "file_too_large").
  [[nodiscard]] std::optional<std::string> read_file(std::string_view path,
                                                     std::uint64_t bytes_max) const;
  // The size before anything is inflated.
  [[nodiscard]] std::uint64_t blob_bytes(const BlobId& blob) const;
  // Throws Error(rejected, "file_too_large") without inflating.
  [[nodiscard]] std::string read_blob(const BlobId& blob, std::uint64_t bytes_max) const;

 private:
  struct Impl;
  explicit Clone(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Removes the folders of attempts whose process is gone. Returns how many.
std::size_t sweep_abandoned_clones(const config::Config& config);

}  // namespace devy::repository
