#include "core/upload/tree.hpp"

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/base/sha256.hpp"
#include "core/blog/path_filter.hpp"
#include "core/markdown/document.hpp"
#include "core/markdown/slug.hpp"

namespace devy::upload {
namespace {

using nlohmann::json;
using repository::FileKind;
using repository::TreeFile;

constexpr const char* settings_path = "devy.toml";

// Why a Markdown path is passed over with a warning; nothing: it is a post.
std::optional<std::string> why_skipped(const repository::Clone& clone, const TreeFile& file,
                                       std::uint64_t bytes, bool is_known) {
  if (file.kind == FileKind::symlink) return "a symbolic link is not published";
  if (file.kind == FileKind::submodule) return "a submodule is not published";
  if (!is_known && bytes <= lfs_pointer_bytes_max &&
      markdown::is_lfs_pointer(clone.read_blob(file.blob, lfs_pointer_bytes_max)))
    return "a Git LFS pointer is not published: its text is not in the repository";
  return std::nullopt;
}

std::string_view as_text(const snapshot::BlobId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

}  // namespace

blog::ParsedSettings read_settings(const repository::Clone& clone, const config::Limits& limits) {
  const auto text = clone.read_file(settings_path, limits.settings_bytes_max);
  if (!text) return {};
  return blog::parse_settings(*text, limits);
}

Tree read_tree(const repository::Clone& clone, const config::Limits& limits,
               const std::unordered_set<snapshot::BlobId>& known_blobs) {
  auto parsed = read_settings(clone, limits);
  Tree tree{std::move(parsed.settings), {}, {}, {}, std::move(parsed.warnings)};
  tree.origin = blog::origin_digest(tree.settings);
  const blog::PathFilter filter(tree.settings);
  std::uint64_t total_bytes = 0;
  base::Sha256Stream others;
  const auto on_passed = [&](const TreeFile& file) {
    others.field(file.path);
    others.field(file.kind == FileKind::symlink ? "symlink" : "");
    // A Markdown file is never an asset: what is in it decides nothing.
    if (file.kind == FileKind::folder || !markdown::is_markdown_path(file.path))
      others.field(as_text(file.blob));
  };
  const auto on_file = [&](const TreeFile& file) {
    if (!filter.publishes(file.path)) return on_passed(file);
    const auto bytes = file.kind == FileKind::submodule ? 0 : clone.blob_bytes(file.blob);
    if (const auto reason = why_skipped(clone, file, bytes, known_blobs.contains(file.blob))) {
      tree.warnings.push_back({file.path, 0, 0, *reason});
      return;
    }
    total_bytes += bytes;
    if (total_bytes > limits.markdown_total_bytes_max)
      throw base::Error(base::ErrorKind::rejected,
                        "unable to publish: the Markdown files are more than " +
                            std::to_string(limits.markdown_total_bytes_max) + " bytes in all",
                        "Ignore some in devy.toml, or raise limits.markdown_total_bytes_max.",
                        "markdown_too_large");
    tree.snapshot.entries.push_back({file.path, file.blob, tree.origin});
  };
  clone.walk(
      tree.settings.root, [&](std::string_view folder) { return filter.wants_folder(folder); },
      on_file, tree.warnings, on_passed);
  tree.files_digest = base::to_hex(others.finish());
  tree.snapshot.seal();
  return tree;
}

std::string settings_to_json(const blog::Settings& settings) {
  json object{{"root", settings.root},
              {"ignore", settings.ignore},
              {"timezone", settings.timezone},
              {"drafts", settings.drafts},
              {"max_delete_percent", settings.max_delete_percent}};
  if (settings.name) object["name"] = *settings.name;
  if (settings.description) object["description"] = *settings.description;
  if (settings.branch) object["branch"] = *settings.branch;
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

blog::Settings settings_from_json(const std::string& text) {
  blog::Settings settings;
  const auto object = json::parse(text);
  settings.root = object.value("root", settings.root);
  settings.timezone = object.value("timezone", settings.timezone);
  settings.drafts = object.value("drafts", settings.drafts);
  if (object.contains("branch")) settings.branch = object["branch"].get<std::string>();
  return settings;
}

}  // namespace devy::upload
