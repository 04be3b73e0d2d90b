#include "core/publishing/upload/tree.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"
#include "core/publishing/blog/path_filter.hpp"
#include "core/publishing/post/document.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::upload {
namespace {

using git::FileKind;
using git::TreeFile;

constexpr const char* settings_path = "devy.toml";

// Returns why a Markdown path is skipped with a warning, whatever its content; null when it may be
// a post.
const char* skip_reason(FileKind kind) {
  if (kind == FileKind::symlink) return "a symbolic link is not published";
  if (kind == FileKind::submodule) return "a submodule is not published";
  return nullptr;
}

// The Markdown files of a tree, taken into the snapshot.
class Intake {
 public:
  Intake(const git::Clone& clone, const config::Limits& limits, const KnownBlobs& known)
      : clone_(clone), limits_(limits), known_(known) {}

  void note(const TreeFile& file) { files_.push_back(file); }

  // Checks all files together, so that those omitted by the fetch are prefetched in one request.
  void finish(Tree& tree) {
    std::vector<snapshot::BlobId> unknown;
    for (const auto& file : files_)
      if (skip_reason(file.kind) == nullptr && !known_.contains(file.blob))
        unknown.push_back(file.blob);
    clone_.prefetch(unknown);
    for (const auto& file : files_)
      take(file, tree);
  }

 private:
  void take(const TreeFile& file, Tree& tree) {
    if (const auto* reason = skip_reason(file.kind)) {
      tree.warnings.push_back({file.path, 0, 0, reason});
      return;
    }
    const auto known = known_.find(file.blob);
    const auto bytes = known == known_.end() ? clone_.blob_bytes(file.blob) : known->second;
    if (known == known_.end() && bytes <= lfs_pointer_bytes_max &&
        post::is_lfs_pointer(clone_.read_blob(file.blob, lfs_pointer_bytes_max))) {
      tree.warnings.push_back(
          {file.path, 0, 0,
           "a Git LFS pointer is not published: its text is not in the repository"});
      return;
    }
    total_bytes_ += bytes;
    if (total_bytes_ > limits_.markdown_total_bytes_max)
      throw base::Error(base::ErrorKind::rejected,
                        "unable to publish: the Markdown files are more than " +
                            std::to_string(limits_.markdown_total_bytes_max) + " bytes in all",
                        "Ignore some in devy.toml, or raise limits.markdown_total_bytes_max.",
                        "markdown_too_large");
    tree.snapshot.entries.push_back({file.path, file.blob, tree.origin});
  }

  const git::Clone& clone_;
  const config::Limits& limits_;
  const KnownBlobs& known_;
  std::vector<TreeFile> files_;
  std::uint64_t total_bytes_ = 0;
};

std::string_view as_text(const snapshot::BlobId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
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
  Tree tree{std::move(parsed.settings), {}, {}, {}, std::move(parsed.warnings)};
  tree.origin = blog::origin_digest(tree.settings);
  const blog::PathFilter filter(tree.settings);
  Intake intake(clone, limits, known_blobs);
  base::Sha256Stream others;
  const auto on_passed = [&](const TreeFile& file) {
    others.field(file.path);
    others.field(file.kind == FileKind::symlink ? "symlink" : "");
    // A Markdown file is never an asset: what is in it decides nothing.
    if (file.kind == FileKind::folder || !post::is_markdown_path(file.path))
      others.field(as_text(file.blob));
  };
  const auto on_file = [&](const TreeFile& file) {
    if (filter.publishes(file.path)) intake.note(file);
    else on_passed(file);
  };
  clone.walk(
      tree.settings.root, [&](std::string_view folder) { return filter.wants_folder(folder); },
      on_file, tree.warnings, on_passed);
  intake.finish(tree);
  tree.files_digest = base::to_hex(others.finish());
  tree.snapshot.seal();
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
