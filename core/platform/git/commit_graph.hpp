#pragma once
// The commits that a tip reaches, as far as a store has them, from the newest to the oldest: every
// commit after all that have it as a parent, and of those that may be next the one with the latest
// time (the order of `git log --date-order`). Borrows nothing after it was made; one thread.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/platform/git/object_store.hpp"

namespace devy::git {

class CommitGraph {
 public:
  struct Commit {
    snapshot::CommitId id;
    snapshot::BlobId tree;
    std::int64_t authored_at = 0, committed_at = 0;
    std::uint32_t parents_begin = 0, parents_count = 0;
    std::uint32_t children = 0;       // that were not visited yet
    bool has_missing_parent = false;  // the store's history ends here, not the repository's
  };

  // Throws Error(rejected, "history_too_large") for more than `commits_max`, what `check` throws,
  // and Error(unavailable, "pack_broken") without the tip.
  CommitGraph(const ObjectStore& store, const snapshot::CommitId& tip, std::uint32_t commits_max,
              const std::function<void()>& check);

  // Calls `visit` for each. Once.
  void visit_newest_first(const std::function<void(const Commit&)>& visit);
  // Those parents that the store has.
  [[nodiscard]] std::span<const std::uint32_t> parents(const Commit& commit) const;
  [[nodiscard]] const Commit& at(std::uint32_t index) const { return commits_.at(index); }
  [[nodiscard]] std::size_t size() const { return commits_.size(); }

 private:
  std::vector<Commit> commits_;
  std::vector<std::uint32_t> parents_;
};

[[nodiscard]] base::Error history_too_large(const std::string& cause, const std::string& limit);

}  // namespace devy::git
