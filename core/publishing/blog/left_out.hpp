#pragma once
// The files of a tree that are no posts though they look like posts: counted by the rule that
// leaves them out, so that none disappears without a word. Values; any thread.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::blog {

enum class LeftOutRule : std::uint8_t {
  repository_file,  // README, LICENSE and the like, where GitHub knows them
  hidden,           // it, or a folder above it, begins with '.'
  underscore,       // the same with '_'
  tool_folder,      // archetypes/, node_modules/, vendor/
  folder_page,      // another file is the page of its folder
  ignore,           // a pattern of devy.toml
  outside_root,
  symlink,
  submodule,
  lfs_pointer,
  bad_name,     // no file system should have to hold its name
  other_format  // no Markdown at all: .mdx, .ipynb
};
// The name in JSON.
[[nodiscard]] std::string_view to_string(LeftOutRule rule);
[[nodiscard]] std::optional<LeftOutRule> parse_left_out_rule(std::string_view name);

// `name` says more where the rule covers several things: "LICENSE", "_includes/", the pattern, the
// root, ".mdx". It is empty where the file's own name begins with '.' or '_', and where there is
// nothing to say.
struct LeftOutReason {
  LeftOutRule rule = LeftOutRule::ignore;
  std::string name = {};
  auto operator<=>(const LeftOutReason&) const = default;
};

struct LeftOutFile {
  std::string path;  // safe to show: a bad name is made visible
  LeftOutReason reason;
  bool operator==(const LeftOutFile&) const = default;
};

// Further names of a rule are counted together, without a name.
inline constexpr std::size_t left_out_names_max = 100;
// Further files are counted and not listed: as many as a tree may have by default.
inline constexpr std::size_t left_out_files_max = 50'000;

struct LeftOut {
  std::uint64_t posts = 0;  // the Markdown files that are not left out
  std::map<LeftOutReason, std::uint64_t> counts = {};
  std::vector<LeftOutFile> files = {};  // the first ones, in the order of the walk
  bool is_at_least = false;             // not all of the folders that are left out were looked into
  bool operator==(const LeftOut&) const = default;

  void add(std::string path, LeftOutReason reason);
  [[nodiscard]] bool is_empty() const { return counts.empty(); }
  [[nodiscard]] std::uint64_t markdown_files() const;  // those that are left out
};

// "2 of 16 Markdown files left out: 1 LICENSE, 1 by ignore; 3 .mdx files are no Markdown". Empty
// when nothing is left out.
[[nodiscard]] std::string left_out_text(const LeftOut& left_out);
// Why one file is left out: "in _includes/, which begins with _", "by the pattern 'drafts/'".
[[nodiscard]] std::string reason_text(const LeftOutReason& reason);

// The extension (".mdx") of a file that blogs are written in elsewhere, but is no Markdown; empty
// for any other.
[[nodiscard]] std::string other_format(std::string_view path);

}  // namespace devy::blog
