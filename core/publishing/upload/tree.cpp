#include "core/publishing/upload/tree.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"
#include "core/publishing/blog/path_filter.hpp"
#include "core/publishing/post/document.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::upload {
namespace {

using blog::LeftOutRule;
using git::FileKind;
using git::TreeFile;

constexpr const char* settings_path = "devy.toml";

std::string_view as_text(const snapshot::BlobId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// The Markdown files of a tree, taken into the snapshot; the others are counted.
class Intake {
 public:
  Intake(const git::Clone& clone, const config::Limits& limits, const KnownBlobs& known,
         const blog::PathFilter& filter, Tree& tree)
      : clone_(clone), limits_(limits), known_(known), filter_(filter), tree_(tree) {}

  void note(const TreeFile& file) {
    if (!post::is_markdown_path(file.path)) {
      note_other(file);
      return;
    }
    if (auto reason = filter_.reason_left_out(file.path)) leave_out(file, std::move(*reason));
    else files_.push_back(file);
  }

  // An entry that the walk passed: a folder that nobody wants, or what lies outside of the root.
  void note_passed(const TreeFile& file) {
    others_.field(file.path);
    others_.field(file.kind == FileKind::symlink ? "symlink" : "");
    // A Markdown file is never an asset: what is in it decides nothing.
    const bool is_folder = file.kind == FileKind::folder;
    if (is_folder || !post::is_markdown_path(file.path)) others_.field(as_text(file.blob));
    if (is_folder) passed_folders_.push_back(file);
    else if (post::is_markdown_path(file.path)) count(file, filter_.reason_left_out(file.path));
  }

  // Checks all files together, so that those omitted by the fetch are prefetched in one request.
  void finish() {
    choose_folder_pages();
    std::vector<snapshot::BlobId> unknown;
    for (const auto& file : files_)
      if (file.kind == FileKind::regular && !known_.contains(file.blob))
        unknown.push_back(file.blob);
    clone_.prefetch(unknown);
    for (const auto& file : files_)
      take(file);
    count_in_folders();
    tree_.left_out.posts = tree_.snapshot.entries.size();
    tree_.files_digest = base::to_hex(others_.finish());
  }

 private:
  void note_other(const TreeFile& file) {
    auto format = blog::other_format(file.path);
    if (!format.empty() && file.kind == FileKind::regular && !filter_.reason_left_out(file.path))
      tree_.left_out.add(file.path, {LeftOutRule::other_format, std::move(format)});
    note_passed(file);
  }

  void count(const TreeFile& file, std::optional<blog::LeftOutReason> reason) {
    if (!reason) return;
    // The names of what the walk passed were not checked.
    if (file.path.size() > limits_.path_bytes_max || !base::is_valid_utf8(file.path) ||
        base::has_control_character(file.path))
      tree_.left_out.add(base::safe_text(file.path), {LeftOutRule::bad_name});
    else tree_.left_out.add(file.path, std::move(*reason));
  }

  void leave_out(const TreeFile& file, blog::LeftOutReason reason) {
    tree_.left_out.add(file.path, std::move(reason));
    others_.field(file.path);
    others_.field(file.kind == FileKind::symlink ? "symlink" : "");
  }

  // The first one of index.md, _index.md and README.md is the page of its folder.
  void choose_folder_pages() {
    std::unordered_map<std::string_view, int> best;  // by folder
    for (const auto& file : files_) {
      const auto rank = blog::folder_page_rank(name_of(file.path));
      if (!rank || file.kind != FileKind::regular) continue;
      auto& first = best.try_emplace(folder_of(file.path), *rank).first->second;
      first = std::min(first, *rank);
    }
    if (best.empty()) return;
    std::vector<TreeFile> chosen;
    chosen.reserve(files_.size());
    for (const auto& file : files_) {
      const auto rank = blog::folder_page_rank(name_of(file.path));
      const auto first = best.find(folder_of(file.path));
      const bool is_beaten = rank && first != best.end() && first->second < *rank;
      if (!is_beaten || filter_.brings_back(file.path)) chosen.push_back(file);
      else leave_out(file, {LeftOutRule::folder_page, *rank == 1 ? "_index" : "README"});
    }
    files_ = std::move(chosen);
  }

  void skip(const TreeFile& file, LeftOutRule rule, const char* why) {
    tree_.warnings.push_back({file.path, 0, 0, why});
    tree_.left_out.add(file.path, {rule});
  }

  void take(const TreeFile& file) {
    if (file.kind == FileKind::symlink)
      return skip(file, LeftOutRule::symlink, "a symbolic link is not published");
    if (file.kind == FileKind::submodule)
      return skip(file, LeftOutRule::submodule, "a submodule is not published");
    const auto known = known_.find(file.blob);
    const auto bytes = known == known_.end() ? clone_.blob_bytes(file.blob) : known->second;
    if (known == known_.end() && bytes <= lfs_pointer_bytes_max &&
        post::is_lfs_pointer(clone_.read_blob(file.blob, lfs_pointer_bytes_max)))
      return skip(file, LeftOutRule::lfs_pointer,
                  "a Git LFS pointer is not published: its text is not in the repository");
    total_bytes_ += bytes;
    if (total_bytes_ > limits_.markdown_total_bytes_max)
      throw base::Error(base::ErrorKind::rejected,
                        "unable to publish: the Markdown files are more than " +
                            std::to_string(limits_.markdown_total_bytes_max) + " bytes in all",
                        "Ignore some in devy.toml, or raise limits.markdown_total_bytes_max.",
                        "markdown_too_large");
    tree_.snapshot.entries.push_back({file.path, file.blob, tree_.origin});
  }

  void count_in_folders() {
    auto entries_left = left_out_entries_max;
    for (const auto& folder : passed_folders_) {
      const bool is_whole = clone_.look_below(folder, entries_left, [&](const TreeFile& file) {
        if (post::is_markdown_path(file.path)) count(file, filter_.reason_left_out(file.path));
      });
      if (!is_whole) tree_.left_out.is_at_least = true;
    }
  }

  const git::Clone& clone_;
  const config::Limits& limits_;
  const KnownBlobs& known_;
  const blog::PathFilter& filter_;
  Tree& tree_;
  std::vector<TreeFile> files_, passed_folders_;
  base::Sha256Stream others_;
  std::uint64_t total_bytes_ = 0;
};

// An author whose blog stays empty has to learn why.
void warn_of_an_empty_blog(Tree& tree) {
  if (!tree.snapshot.entries.empty() || tree.left_out.is_empty()) return;
  tree.warnings.push_back(
      {".", 0, 0, "nothing is published: " + blog::left_out_text(tree.left_out)});
}

}  // namespace

blog::ParsedSettings read_settings(const git::Clone& clone, const config::Limits& limits) {
  const auto text = clone.read_file(settings_path, limits.settings_bytes_max);
  if (!text) return {};
  return blog::parse_settings(*text, limits);
}

Tree read_tree(const git::Clone& clone, const config::Limits& limits,
               const KnownBlobs& known_blobs) {
  auto parsed = read_settings(clone, limits);
  Tree tree{std::move(parsed.settings), {}, {}, {}, std::move(parsed.warnings), {}};
  tree.origin = blog::origin_digest(tree.settings);
  const blog::PathFilter filter(tree.settings);
  Intake intake(clone, limits, known_blobs, filter, tree);
  std::vector<snapshot::FileError> skipped;
  clone.walk(
      tree.settings.root, [&](std::string_view folder) { return filter.wants_folder(folder); },
      [&](const TreeFile& file) { intake.note(file); }, skipped,
      [&](const TreeFile& file) { intake.note_passed(file); });
  for (auto& warning : skipped) {
    if (post::is_markdown_path(warning.path))
      tree.left_out.add(warning.path, {LeftOutRule::bad_name});
    tree.warnings.push_back(std::move(warning));
  }
  intake.finish();
  tree.snapshot.seal();
  warn_of_an_empty_blog(tree);
  return tree;
}

std::string settings_to_json(const blog::Settings& settings) {
  auto object = json::Json::object();
  if (settings.branch) object.set("branch", *settings.branch);
  if (settings.description) object.set("description", *settings.description);
  object.set("drafts", settings.drafts)
      .set("ignore", settings.ignore)
      .set("max_delete_percent", settings.max_delete_percent);
  if (settings.name) object.set("name", *settings.name);
  object.set("root", settings.root)
      .set("static", settings.static_folders)
      .set("timezone", settings.timezone);
  return object.compact();
}

blog::Settings settings_from_json(const std::string& text) {
  constexpr json::Format format{.name = "a blog's settings",
                                .bytes_max = std::size_t{16} * 1024 * 1024,
                                .kind = base::ErrorKind::internal};
  const auto object = json::parse(text, format);
  blog::Settings settings;
  settings.root = object.maybe_text("root").value_or(settings.root);
  settings.timezone = object.maybe_text("timezone").value_or(settings.timezone);
  settings.drafts = object.maybe_boolean("drafts").value_or(settings.drafts);
  settings.branch = object.maybe_text("branch");
  return settings;
}

}  // namespace devy::upload
