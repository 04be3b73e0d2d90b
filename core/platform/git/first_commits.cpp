#include "core/platform/git/first_commits.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "core/platform/git/commit_graph.hpp"
#include "core/platform/git/raw_tree.hpp"

namespace devy::git {
namespace {

using snapshot::BlobId;

// Dates outside of this range cannot be stored in PostgreSQL, and are never meant.
constexpr std::int64_t seconds_max = 253'370'764'800;

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// A file that a commit brought, as far as its parents tell.
struct Added {
  std::string path;
  BlobId blob;
};

// The files asked about, under the names that they have at the commit visited now.
class Tracked {
 public:
  void add(const std::string& path, std::size_t file) {
    files_[path].push_back(file);
    for (auto at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1))
      folders_.insert(path.substr(0, at + 1));
  }
  void move(const std::string& from, const std::string& to) {
    const auto files = std::exchange(files_[from], {});
    files_.erase(from);
    for (const auto file : files)
      add(to, file);
  }
  // Null when nobody asks about it.
  [[nodiscard]] const std::vector<std::size_t>* find(const std::string& path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
  }
  // `folder` ends in a slash. Folders that files have left stay: it costs time, and no result.
  [[nodiscard]] bool has_folder(const std::string& folder) const {
    return folders_.contains(folder);
  }
  [[nodiscard]] const auto& all() const { return files_; }

 private:
  std::unordered_map<std::string, std::vector<std::size_t>> files_;
  std::unordered_set<std::string> folders_;
};

class Walk {
 public:
  Walk(const ObjectStore& store, const std::vector<std::string>& paths, const HistoryLimits& limits)
      : store_(store), limits_(limits), began_(paths.size()), is_cut_(paths.size()) {
    for (std::size_t file = 0; file < paths.size(); ++file)
      tracked_.add(paths[file], file);
  }

  void check() const {
    if (limits_.check) limits_.check();
    if (base::system_clock().monotonic_now() >= limits_.ends_at)
      throw history_too_large("it takes too long", "limits.history_wall_clock");
  }

  void visit(const CommitGraph& graph, const CommitGraph::Commit& commit) {
    check();
    const auto parents = graph.parents(commit);
    if (commit.has_missing_parent) cut(graph, commit);
    std::vector<Added> added;
    if (parents.empty()) {
      if (commit.has_missing_parent) return;
      find_added(std::nullopt, commit.tree, "", 0, added);
    } else {
      const auto& first = graph.at(parents.front()).tree;
      if (first == commit.tree) return;
      find_added(first, commit.tree, "", 0, added);
      // A file that another parent has began on that parent's side.
      for (const auto parent : parents.subspan(1))
        std::erase_if(
            added, [&](const Added& file) { return has_file(graph.at(parent).tree, file.path); });
      if (!added.empty()) follow_renames(first, commit.tree, added);
    }
    for (const auto& file : added)
      for (const auto target : *tracked_.find(file.path))
        began_[target] = commit.authored_at;
  }

  [[nodiscard]] FirstCommitsFound result(const std::vector<std::string>& paths) const {
    FirstCommitsFound found;
    found.is_cut = std::ranges::find(is_cut_, true) != is_cut_.end();
    for (std::size_t file = 0; file < paths.size(); ++file)
      if (began_[file] && !is_cut_[file])
        found.authored_at.emplace(paths[file],
                                  base::TimePoint(std::chrono::seconds(
                                      std::clamp<std::int64_t>(*began_[file], 0, seconds_max))));
    return found;
  }

 private:
  [[nodiscard]] std::optional<TreeObject> open(const std::optional<BlobId>& tree) const {
    if (!tree) return std::nullopt;
    return store_.tree_object(*tree);
  }

  // Calls `on_pair` with the entries of both trees that differ, each beside the one of its name.
  // Recursion is bounded by depth_max.
  template <class OnPair>
  void differ(const std::optional<BlobId>& before, const std::optional<BlobId>& after,
              std::uint32_t depth, const OnPair& on_pair) const {
    if (depth > limits_.depth_max) return;
    check();
    const auto old_object = open(before), new_object = open(after);
    RawTree old_tree(old_object ? old_object->bytes() : std::string_view());
    RawTree new_tree(new_object ? new_object->bytes() : std::string_view());
    bool has_old = old_tree.next(), has_new = new_tree.next();
    while (has_old || has_new) {
      const int order = !has_new   ? -1
                        : !has_old ? 1
                                   : compare_entries(old_tree.entry(), new_tree.entry());
      const auto* old_entry = order <= 0 ? &old_tree.entry() : nullptr;
      const auto* new_entry = order >= 0 ? &new_tree.entry() : nullptr;
      if (order != 0 || old_entry->id != new_entry->id || old_entry->mode != new_entry->mode)
        on_pair(old_entry, new_entry);
      if (order <= 0) has_old = old_tree.next();
      if (order >= 0) has_new = new_tree.next();
    }
  }

  void find_added(const std::optional<BlobId>& before, const BlobId& after,
                  const std::string& folder, std::uint32_t depth, std::vector<Added>& added) {
    differ(before, after, depth, [&](const RawEntry* old_entry, const RawEntry* new_entry) {
      if (new_entry == nullptr) return;
      auto path = folder + std::string(new_entry->name);
      if (new_entry->is_folder()) {
        path += '/';
        if (tracked_.has_folder(path))
          find_added(old_entry != nullptr ? std::optional(old_entry->blob()) : std::nullopt,
                     new_entry->blob(), path, depth + 1, added);
      } else if (old_entry == nullptr && tracked_.find(path) != nullptr) {
        added.push_back({std::move(path), new_entry->blob()});
      }
    });
  }

  // Takes those of `added` away that are renames of equal files, and goes on with their old names.
  void follow_renames(const BlobId& before, const BlobId& after, std::vector<Added>& added) {
    std::unordered_map<BlobId, std::vector<std::string>> deleted;
    for (const auto& file : added)
      deleted[file.blob];
    find_deleted(before, after, "", 0, deleted);
    std::vector<std::pair<std::string, std::string>> renames;
    // A source with the same name in another folder comes first, as in git.
    for (const bool needs_same_name : {true, false})
      std::erase_if(added, [&](const Added& file) {
        auto& sources = deleted[file.blob];
        const auto source = std::ranges::find_if(sources, [&](const std::string& path) {
          return !needs_same_name || last_part(path) == last_part(file.path);
        });
        if (source == sources.end()) return false;
        renames.emplace_back(file.path, *source);
        sources.erase(source);
        return true;
      });
    for (const auto& [path, source] : renames)
      tracked_.move(path, source);
  }

  void find_deleted(const std::optional<BlobId>& before, const std::optional<BlobId>& after,
                    const std::string& folder, std::uint32_t depth,
                    std::unordered_map<BlobId, std::vector<std::string>>& deleted) {
    differ(before, after, depth, [&](const RawEntry* old_entry, const RawEntry* new_entry) {
      if (old_entry == nullptr) return;
      if (old_entry->is_folder()) {
        find_deleted(old_entry->blob(),
                     new_entry != nullptr ? std::optional(new_entry->blob()) : std::nullopt,
                     folder + std::string(old_entry->name) + "/", depth + 1, deleted);
      } else if (new_entry == nullptr && old_entry->is_file()) {
        const auto wanted = deleted.find(old_entry->blob());
        if (wanted != deleted.end())
          wanted->second.push_back(folder + std::string(old_entry->name));
      }
    });
  }

  [[nodiscard]] bool has_file(BlobId tree, std::string_view path) const {
    for (;;) {
      const auto slash = path.find('/');
      const auto object = store_.tree_object(tree);
      RawTree entries(object.bytes());
      bool is_found = false;
      while (!is_found && entries.next())
        is_found = entries.entry().name == path.substr(0, slash) &&
                   entries.entry().is_folder() == (slash != path.npos);
      if (!is_found || slash == path.npos) return is_found;
      tree = entries.entry().blob();
      path.remove_prefix(slash + 1);
    }
  }

  // The history that the store has ends at this commit: files that it has may be older.
  void cut(const CommitGraph& graph, const CommitGraph::Commit& commit) {
    std::vector<Added> there;
    find_added(std::nullopt, commit.tree, "", 0, there);
    for (const auto parent : graph.parents(commit))
      std::erase_if(there,
                    [&](const Added& file) { return has_file(graph.at(parent).tree, file.path); });
    for (const auto& file : there)
      for (const auto target : *tracked_.find(file.path))
        is_cut_[target] = true;
  }

  const ObjectStore& store_;
  const HistoryLimits& limits_;
  Tracked tracked_;
  // By file: the time of the oldest commit so far that brought it.
  std::vector<std::optional<std::int64_t>> began_;
  std::vector<bool> is_cut_;
};

}  // namespace

FirstCommitsFound find_first_commits(const ObjectStore& store, const snapshot::CommitId& tip,
                                     const std::vector<std::string>& paths,
                                     const HistoryLimits& limits) {
  Walk walk(store, paths, limits);
  CommitGraph graph(store, tip, limits.commits_max, [&] { walk.check(); });
  graph.visit_newest_first([&](const CommitGraph::Commit& commit) { walk.visit(graph, commit); });
  auto found = walk.result(paths);
  found.commits = graph.size();
  return found;
}

}  // namespace devy::git
