#include "core/platform/git/commit_graph.hpp"

#include <queue>
#include <tuple>
#include <unordered_map>

namespace devy::git {

base::Error history_too_large(const std::string& cause, const std::string& limit) {
  return {base::ErrorKind::rejected, "unable to read the history: " + cause,
          "Raise " + limit + " if the dates of old files matter, and replay the upload.",
          "history_too_large"};
}

CommitGraph::CommitGraph(const ObjectStore& store, const snapshot::CommitId& tip,
                         std::uint32_t commits_max, const std::function<void()>& check) {
  std::unordered_map<snapshot::CommitId, std::uint32_t> known;
  // A parent's node is read when it is first seen, so that the index of one that is missing is
  // none.
  std::vector<std::vector<snapshot::CommitId>> unread;
  const auto add = [&](const snapshot::CommitId& id) -> std::optional<std::uint32_t> {
    if (const auto found = known.find(id); found != known.end()) return found->second;
    auto node = store.commit_node(id);
    if (!node) return std::nullopt;
    if (commits_.size() >= commits_max)
      throw history_too_large("it has more than " + std::to_string(commits_max) + " commits",
                              "limits.history_commits_max");
    const auto index = static_cast<std::uint32_t>(commits_.size());
    Commit commit;
    commit.id = id;
    commit.tree = node->tree;
    commit.authored_at = node->authored_at;
    commit.committed_at = node->committed_at;
    commits_.push_back(commit);
    unread.push_back(std::move(node->parents));
    known.emplace(id, index);
    return index;
  };
  if (!add(tip))
    throw base::Error(base::ErrorKind::unavailable,
                      "unable to read the history: commit " + tip.hex() + " is missing",
                      "Try again; if it goes on, check the repository with git fsck.",
                      "pack_broken");
  for (std::size_t next = 0; next < commits_.size(); ++next) {
    check();
    const auto parents = std::exchange(unread[next], {});
    commits_[next].parents_begin = static_cast<std::uint32_t>(parents_.size());
    for (const auto& parent : parents) {
      if (const auto index = add(parent)) {
        parents_.push_back(*index);
        ++commits_[*index].children;
      } else {
        commits_[next].has_missing_parent = true;
      }
    }
    commits_[next].parents_count =
        static_cast<std::uint32_t>(parents_.size()) - commits_[next].parents_begin;
  }
}

std::span<const std::uint32_t> CommitGraph::parents(const Commit& commit) const {
  return std::span(parents_).subspan(commit.parents_begin, commit.parents_count);
}

void CommitGraph::visit_newest_first(const std::function<void(const Commit&)>& visit) {
  // With equal times the one that was reached first comes first: it is nearer to the tip.
  using Place = std::tuple<std::int64_t, std::int64_t>;
  std::priority_queue<Place> ready;
  const auto make_ready = [&](std::uint32_t index) {
    ready.emplace(commits_[index].committed_at, -std::int64_t{index});
  };
  make_ready(0);
  while (!ready.empty()) {
    const auto index = static_cast<std::uint32_t>(-std::get<1>(ready.top()));
    ready.pop();
    visit(commits_[index]);
    for (const auto parent : parents(commits_[index]))
      if (--commits_[parent].children == 0) make_ready(parent);
  }
}

}  // namespace devy::git
