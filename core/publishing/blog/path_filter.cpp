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

// Files about a repository, and its templates, whatever their letters' case.
constexpr std::array<std::string_view, 12> repository_files{"README",
                                                            "LICENSE",
                                                            "CONTRIBUTING",
                                                            "CODE_OF_CONDUCT",
                                                            "SECURITY",
                                                            "SUPPORT",
                                                            "CHANGELOG",
                                                            "GOVERNANCE",
                                                            "AGENTS",
                                                            "CLAUDE",
                                                            "pull_request_template",
                                                            "ISSUE_TEMPLATE"};
constexpr std::array<std::string_view, 2> template_folders{"ISSUE_TEMPLATE",
                                                           "PULL_REQUEST_TEMPLATE"};
// The folders where GitHub knows those; the empty one is the repository itself.
constexpr std::array<std::string_view, 3> places_of_repository_files{"", ".github", "docs"};
// Hugo's forms of new posts, and the copies that package managers make of other people's files.
constexpr std::array<std::string_view, 3> tool_folders{"archetypes", "node_modules", "vendor"};
// Those of Jekyll whose names begin with '_' and hold posts; those of _drafts/ are drafts.
constexpr std::array<std::string_view, 2> post_folders{"_posts", "_drafts"};

std::string_view last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// "index" for "index.md"; empty for what is no Markdown file, nor meant to be one.
std::string_view stem_of(std::string_view name) {
  if (!post::is_markdown_path(name) && other_format(name).empty()) return {};
  return name.substr(0, name.rfind('.'));
}

// A language as file names have it: "fr", "pt-br", "zh_Hant".
bool is_language(std::string_view name) {
  constexpr std::size_t part_bytes_min = 2, part_bytes_max = 8, first_bytes_max = 3;
  for (bool is_first = true; !name.empty(); is_first = false) {
    const auto part = name.substr(0, name.find_first_of("-_"));
    if (part.size() < part_bytes_min || part.size() > (is_first ? first_bytes_max : part_bytes_max))
      return false;
    if (!std::ranges::all_of(part, is_first ? base::is_letter : base::is_letter_or_digit))
      return false;
    name.remove_prefix(part.size());
    if (name.empty()) return true;
    name.remove_prefix(1);
  }
  return false;
}

// The page of a section, of Hugo and Zola, and its translations: "_index", "_index.fr".
bool is_section_page(std::string_view stem) {
  constexpr std::string_view page = "_index";
  if (!base::is_same_word(stem.substr(0, page.size()), page)) return false;
  stem.remove_prefix(page.size());
  return stem.empty() || (stem.starts_with('.') && is_language(stem.substr(1)));
}

struct Default {
  LeftOutRule rule;
  std::string_view name = {};
};

template <std::size_t size>
std::optional<std::string_view> same_word(const std::array<std::string_view, size>& words,
                                          std::string_view word) {
  for (const auto known : words)
    if (base::is_same_word(known, word)) return known;
  return std::nullopt;
}

bool holds_repository_files(std::string_view folder) {
  return std::ranges::find(places_of_repository_files, folder) != places_of_repository_files.end();
}

std::optional<Default> default_of_folder(std::string_view path) {
  const auto name = last_part(path);
  if (name.starts_with('.')) return Default{LeftOutRule::hidden, name};
  if (std::ranges::find(tool_folders, name) != tool_folders.end())
    return Default{LeftOutRule::tool_folder, name};
  if (name.starts_with('_') && std::ranges::find(post_folders, name) == post_folders.end())
    return Default{LeftOutRule::underscore, name};
  if (!holds_repository_files(parent_of(path))) return std::nullopt;
  if (const auto known = same_word(template_folders, name))
    return Default{LeftOutRule::repository_file, *known};
  return std::nullopt;
}

std::optional<Default> default_of_file(std::string_view path) {
  const auto name = last_part(path);
  const auto stem = stem_of(name);
  if (name.starts_with('.')) return Default{LeftOutRule::hidden};
  if (name.starts_with('_') && !is_section_page(stem)) return Default{LeftOutRule::underscore};
  if (!holds_repository_files(parent_of(path))) return std::nullopt;
  if (const auto known = same_word(repository_files, stem))
    return Default{LeftOutRule::repository_file, *known};
  return std::nullopt;
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
  rule.glob = glob;
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

PathFilter::Ruling PathFilter::rule_on_part(std::string_view path, bool is_folder,
                                            const Ruling& above) const {
  const auto name = last_part(path);
  Ruling ruling = above;
  ruling.is_brought_back = false;
  if (above.verdict == Verdict::kept)
    if (const auto found = is_folder ? default_of_folder(path) : default_of_file(path))
      ruling = {Verdict::ignored_by_default, found->rule, found->name, is_folder};
  for (const auto& rule : rules_) {
    if (rule.is_folder_only && !is_folder) continue;
    // The content of an ignored folder can be included again only by a glob that names the way
    // there.
    if (rule.is_negated && above.verdict != Verdict::kept && !rule.is_anchored) continue;
    const bool is_match =
        rule.is_anchored ? path_matches(rule.parts, path) : name_matches(rule.parts.front(), name);
    if (!is_match) continue;
    if (rule.is_negated) ruling = {.is_brought_back = true};
    else ruling = {Verdict::ignored, LeftOutRule::ignore, rule.glob};
  }
  return ruling;
}

PathFilter::Ruling PathFilter::rule_on(std::string_view path, bool is_folder) const {
  Ruling ruling;
  for (std::size_t end = root_.empty() ? 0 : root_.size() + 1; end < path.size();) {
    const auto slash = std::min(path.find('/', end), path.size());
    const bool is_last = slash == path.size();
    ruling = rule_on_part(path.substr(0, slash), is_folder || !is_last, ruling);
    if (ruling.verdict == Verdict::ignored && !is_last) return ruling;
    end = slash + 1;
  }
  return ruling;
}

bool PathFilter::publishes(std::string_view path) const {
  return post::is_markdown_path(path) && is_under_root(path) &&
         rule_on(path, false).verdict == Verdict::kept;
}

std::optional<LeftOutReason> PathFilter::reason_left_out(std::string_view path) const {
  if (!is_under_root(path)) return LeftOutReason{LeftOutRule::outside_root, root_};
  const auto ruling = rule_on(path, false);
  if (ruling.verdict == Verdict::kept) return std::nullopt;
  LeftOutReason reason{ruling.rule, std::string(ruling.name)};

  if (ruling.is_folder) reason.name += '/';
  return reason;
}

bool PathFilter::brings_back(std::string_view path) const {
  return rule_on(path, false).is_brought_back;
}

bool PathFilter::wants_folder(std::string_view folder) const {
  if (folder.empty() || is_within(root_, folder)) return true;  // on the way to the root
  if (!is_under_root(folder)) return false;
  switch (rule_on(folder, true).verdict) {
    case Verdict::kept: return true;
    case Verdict::ignored_by_default: return may_bring_back_below_;
    case Verdict::ignored: return false;
  }
  return false;
}

std::optional<int> folder_page_rank(std::string_view name) {
  if (!post::is_markdown_path(name)) return std::nullopt;
  constexpr std::array<std::string_view, 3> pages{"index", "_index", "readme"};
  const auto stem = base::to_lower(stem_of(name));
  const auto found = std::ranges::find(pages, stem);
  if (found == pages.end()) return std::nullopt;
  return static_cast<int>(found - pages.begin());
}

}  // namespace devy::blog
