#include "core/publishing/blog/path_filter.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/blog/glob.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::blog {
namespace {

// Files about a repository, whatever their letters' case, at any depth.
constexpr std::array<std::string_view, 6> ignored_names{
    "readme", "license", "contributing", "code_of_conduct", "security", "changelog"};

bool is_ignored_by_default(std::string_view name, bool is_folder) {
  if (name.starts_with('.') || name.starts_with('_')) return true;
  if (is_folder || !post::is_markdown_path(name)) return false;
  const auto stem = base::to_lower(name.substr(0, name.rfind('.')));
  return std::ranges::find(ignored_names, stem) != ignored_names.end();
}

std::string_view last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// `inner` is `outer` itself or lies below it.
bool is_within(std::string_view inner, std::string_view outer) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

}  // namespace

PathFilter::PathFilter(const Settings& settings)
    : root_(settings.root == "." ? "" : settings.root) {
  for (const auto& glob : settings.ignore)
    add_rule(glob);
}

void PathFilter::add_rule(std::string_view glob) {
  while (glob.ends_with(' ') && !glob.ends_with("\\ "))
    glob.remove_suffix(1);
  if (glob.empty() || glob.starts_with('#')) return;
  Rule rule;
  rule.is_negated = glob.starts_with('!');
  if (rule.is_negated) glob.remove_prefix(1);
  rule.is_folder_only = glob.ends_with('/');
  if (rule.is_folder_only) glob.remove_suffix(1);
  rule.is_anchored = glob.find('/') != std::string_view::npos;
  rule.parts = split_path(glob);
  if (rule.parts.empty()) return;
  may_bring_back_below_ = may_bring_back_below_ || (rule.is_negated && rule.is_anchored);
  rules_.push_back(std::move(rule));
}

bool PathFilter::is_under_root(std::string_view path) const {
  return root_.empty() || (path.size() > root_.size() && is_within(path, root_));
}

PathFilter::Verdict PathFilter::verdict_of_part(std::string_view path, bool is_folder,
                                                Verdict above) const {
  const auto name = last_part(path);
  Verdict verdict = above;
  if (is_ignored_by_default(name, is_folder)) verdict = Verdict::ignored_by_default;
  for (const auto& rule : rules_) {
    if (rule.is_folder_only && !is_folder) continue;
    // The content of an ignored folder can be included again only by a glob that names the way
    // there.
    if (rule.is_negated && above != Verdict::kept && !rule.is_anchored) continue;
    const bool is_match =
        rule.is_anchored ? path_matches(rule.parts, path) : name_matches(rule.parts.front(), name);
    if (is_match) verdict = rule.is_negated ? Verdict::kept : Verdict::ignored;
  }
  return verdict;
}

PathFilter::Verdict PathFilter::verdict_of(std::string_view path, bool is_folder) const {
  Verdict verdict = Verdict::kept;
  for (std::size_t end = root_.empty() ? 0 : root_.size() + 1; end < path.size();) {
    const auto slash = std::min(path.find('/', end), path.size());
    const bool is_last = slash == path.size();
    verdict = verdict_of_part(path.substr(0, slash), is_folder || !is_last, verdict);
    if (verdict == Verdict::ignored && !is_last) return verdict;
    end = slash + 1;
  }
  return verdict;
}

bool PathFilter::publishes(std::string_view path) const {
  return post::is_markdown_path(path) && is_under_root(path) &&
         verdict_of(path, false) == Verdict::kept;
}

bool PathFilter::wants_folder(std::string_view folder) const {
  if (folder.empty() || is_within(root_, folder)) return true;  // on the way to the root
  if (!is_under_root(folder)) return false;
  switch (verdict_of(folder, true)) {
    case Verdict::kept: return true;
    case Verdict::ignored_by_default: return may_bring_back_below_;
    case Verdict::ignored: return false;
  }
  return false;
}

}  // namespace devy::blog
