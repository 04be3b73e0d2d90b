#include "core/platform/git/tree_walk.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t name_bytes_max = 255;  // what file systems and GitHub allow

// Some file systems fold case, drop these code points, or trailing dots and blanks: for each of
// them the name must not be ".git".
bool is_git_folder(std::string_view name) {
  static constexpr std::array<std::string_view, 18> ignored{
      "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
      "\u202e", "\u2060", "\u206a", "\u206b", "\u206c", "\u206d", "\u206e", "\u206f", "\ufeff"};
  std::string folded;
  while (!name.empty()) {
    const auto length = std::max<std::size_t>(base::utf8_length(name), 1);
    const auto character = name.substr(0, length);
    if (std::ranges::find(ignored, character) == ignored.end()) folded += base::to_lower(character);
    name.remove_prefix(length);
  }
  folded = folded.substr(0, folded.find(':'));  // an NTFS stream
  while (folded.ends_with('.') || folded.ends_with(' '))
    folded.pop_back();
  return folded == ".git" || folded == "git~1";
}

Error too_large(const config::Limits& limits) {
  return {ErrorKind::rejected,
          "unable to read the repository's files: more than " +
              std::to_string(limits.tree_entries_max) + " entries",
          "Publish from a folder with fewer files (root), or raise limits.tree_entries_max.",
          "tree_too_large"};
}

class Walker {
 public:
  Walker(const Objects& store, const config::Limits& limits, const WalkCalls& calls)
      : store_(store), limits_(limits), calls_(calls) {}

  // Depth is bounded by limits.tree_depth_max, and so is this recursion.
  void enter(const BlobId& tree, const std::string& folder, std::uint32_t depth) {
    if (depth > limits_.tree_depth_max)
      throw Error(ErrorKind::rejected,
                  "unable to read the repository's files: '" + base::safe_text(folder) +
                      "' is more than " + std::to_string(limits_.tree_depth_max) + " folders deep",
                  "Move the files up, or raise limits.tree_depth_max.", "tree_too_deep");
    std::set<std::string_view> names;
    const auto entries = store_.tree(tree);
    for (const auto& entry : entries) {
      if (++count_ > limits_.tree_entries_max) throw too_large(limits_);
      const auto path = folder.empty() ? entry.name : folder + "/" + entry.name;
      if (const auto fault = fault_of(entry.name, path, !names.insert(entry.name).second);
          !fault.empty())
        calls_.warnings.push_back({.path = base::safe_text(path, limits_.path_bytes_max),
                                   .message = "skipped: " + std::string(fault)});
      else visit(entry, path, depth);
    }
  }

 private:
  [[nodiscard]] std::string_view fault_of(std::string_view name, std::string_view path,
                                          bool is_twice) const {
    if (is_twice) return "its folder has two entries of that name";
    if (path.size() > limits_.path_bytes_max) return "its path is too long";
    return name_fault(name);
  }

  void visit(const TreeEntry& entry, const std::string& path, std::uint32_t depth) {
    switch (kind_of(entry)) {
      case EntryKind::regular: calls_.on_file({path, entry.id, FileKind::regular}); break;
      case EntryKind::symlink: calls_.on_file({path, entry.id, FileKind::symlink}); break;
      case EntryKind::submodule: calls_.on_file({path, entry.id, FileKind::submodule}); break;
      case EntryKind::folder:
        if (calls_.wants_folder(path)) enter(entry.id, path, depth + 1);
        else if (calls_.on_passed) calls_.on_passed({path, entry.id, FileKind::folder});
        break;
      case EntryKind::unknown:
        calls_.warnings.push_back(
            {.path = path, .message = "skipped: neither a file, a folder, a link nor a submodule"});
    }
  }

  const Objects& store_;
  const config::Limits& limits_;
  const WalkCalls& calls_;
  std::uint32_t count_ = 0;
};

// Lists without judging, names included, and stops at its limits instead of throwing.
class Lister {
 public:
  Lister(const Objects& store, const config::Limits& limits, std::uint32_t& entries_left,
         const std::function<void(const TreeFile&)>& on_file)
      : store_(store), limits_(limits), entries_left_(entries_left), on_file_(on_file) {}

  // Depth is bounded by limits.tree_depth_max, and so is this recursion.
  bool list(const TreeFile& folder, std::uint32_t depth) {
    if (depth > limits_.tree_depth_max) return false;
    if (store_.tree_entries_min(folder.blob) > entries_left_) return false;
    for (const auto& entry : store_.tree(folder.blob)) {
      if (entries_left_ == 0) return false;
      --entries_left_;
      const auto kind = file_kind_of(entry);
      if (!kind) continue;
      const TreeFile file{folder.path + "/" + entry.name, entry.id, *kind};
      if (file.kind != FileKind::folder) on_file_(file);
      else if (!list(file, depth + 1)) return false;
    }
    return true;
  }

 private:
  const Objects& store_;
  const config::Limits& limits_;
  std::uint32_t& entries_left_;
  const std::function<void(const TreeFile&)>& on_file_;
};

// Reports the entries beside the way to `root`.
void pass_by(const Objects& store, const BlobId& tree, const std::string& root,
             const std::function<void(const TreeFile&)>& on_passed) {
  auto folder = tree;
  for (std::size_t begin = 0; begin < root.size();) {
    const auto end = std::min(root.find('/', begin), root.size());
    const auto name = std::string_view(root).substr(begin, end - begin);
    auto next = folder;
    for (const auto& entry : store.tree(folder)) {
      if (entry.name == name && kind_of(entry) == EntryKind::folder) next = entry.id;
      else if (const auto kind = file_kind_of(entry))
        on_passed({root.substr(0, begin) + entry.name, entry.id, *kind});
    }
    folder = next;
    begin = end + 1;
  }
}

std::string_view trimmed(std::string_view root) {
  while (root.starts_with("./"))
    root.remove_prefix(2);
  while (root.ends_with('/'))
    root.remove_suffix(1);
  return root == "." ? std::string_view{} : root;
}

}  // namespace

std::optional<FileKind> file_kind_of(const TreeEntry& entry) {
  switch (kind_of(entry)) {
    case EntryKind::regular: return FileKind::regular;
    case EntryKind::symlink: return FileKind::symlink;
    case EntryKind::submodule: return FileKind::submodule;
    case EntryKind::folder: return FileKind::folder;
    case EntryKind::unknown: break;
  }
  return std::nullopt;
}

bool list_below(const Objects& store, const config::Limits& limits, const TreeFile& folder,
                std::uint32_t& entries_left, const std::function<void(const TreeFile&)>& on_file) {
  return Lister(store, limits, entries_left, on_file).list(folder, 0);
}

std::string_view name_fault(std::string_view name) {
  if (name.empty() || name == "." || name == "..") return "its name is empty, '.' or '..'";
  if (name.size() > name_bytes_max) return "its name is too long";
  if (!base::is_valid_utf8(name)) return "its name is not valid UTF-8";
  if (base::has_control_character(name)) return "its name has a control character";
  if (name.find_first_of("/\\") != name.npos) return "its name has a slash or backslash";
  if (is_git_folder(name)) return "its name is git's own";
  return {};
}

std::optional<TreeEntry> find_entry(const Objects& store, const BlobId& tree,
                                    std::string_view path) {
  auto folder = tree;
  for (;;) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    if (!name_fault(name).empty()) return std::nullopt;
    const auto entries = store.tree(folder);
    const auto found = std::ranges::find(entries, name, &TreeEntry::name);
    if (found == entries.end()) return std::nullopt;
    if (slash == path.npos) return *found;
    if (kind_of(*found) != EntryKind::folder) return std::nullopt;
    folder = found->id;
    path.remove_prefix(slash + 1);
  }
}

void walk_tree(const Objects& store, const config::Limits& limits, const BlobId& tree,
               std::string_view root, const WalkCalls& calls) {
  const std::string folder(trimmed(root));
  if (folder.empty()) {
    Walker(store, limits, calls).enter(tree, folder, 0);
    return;
  }
  const auto entry = find_entry(store, tree, folder);
  if (!entry || kind_of(*entry) != EntryKind::folder)
    throw Error(ErrorKind::rejected,
                "unable to read folder '" + base::safe_text(folder) + "': it is not there",
                "Correct the blog's root, or add the folder to the repository.", "root_missing");
  if (calls.on_passed) pass_by(store, tree, folder, calls.on_passed);
  const auto depth = static_cast<std::uint32_t>(std::ranges::count(folder, '/')) + 1;
  Walker(store, limits, calls).enter(entry->id, folder, depth);
}

}  // namespace devy::git
