#include "core/publishing/blog/left_out.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/count_text.hpp"

namespace devy::blog {
namespace {

using Rule = LeftOutRule;

constexpr std::array<std::pair<Rule, std::string_view>, 12> rule_names{
    {{Rule::repository_file, "repository_file"},
     {Rule::hidden, "hidden"},
     {Rule::underscore, "underscore"},
     {Rule::tool_folder, "tool_folder"},
     {Rule::folder_page, "folder_page"},
     {Rule::ignore, "ignore"},
     {Rule::outside_root, "outside_root"},
     {Rule::symlink, "symlink"},
     {Rule::submodule, "submodule"},
     {Rule::lfs_pointer, "lfs_pointer"},
     {Rule::bad_name, "bad_name"},
     {Rule::other_format, "other_format"}}};

constexpr std::array<std::string_view, 10> other_formats{
    ".mdx", ".qmd", ".rmd", ".ipynb", ".org", ".adoc", ".asciidoc", ".rst", ".textile", ".dj"};

// A line has room for so many; the others are one number.
constexpr std::size_t reasons_shown = 8;

// "in _includes/ (begins with _)", or "whose name begins with _" for the file itself.
std::string begins_with(const std::string& folder, char mark) {
  if (folder.empty()) return std::string("whose name begins with ") + mark;
  return "in " + folder + " (begins with " + mark + ")";
}

// "3 in vendor/"; the patterns of `ignore` are counted as one.
std::string counted(const LeftOutReason& reason, std::uint64_t count) {
  const auto& name = reason.name;
  const auto of = [&](const char* noun) { return base::count_text(count, noun); };
  const auto number = std::to_string(count) + " ";
  switch (reason.rule) {
    case Rule::repository_file:
      return name.empty() ? of("file") + " about the repository" : number + name;
    case Rule::hidden: return number + begins_with(name, '.');
    case Rule::underscore: return number + begins_with(name, '_');
    case Rule::tool_folder: return number + "in " + name;
    case Rule::folder_page: return number + name + " beside an index";
    case Rule::ignore: return number + "by ignore";
    case Rule::outside_root: return number + "outside " + name + "/";
    case Rule::symlink: return of("symbolic link");
    case Rule::submodule: return of("submodule");
    case Rule::lfs_pointer: return of("Git LFS pointer");
    case Rule::bad_name: return number + "of a name that is not allowed";
    case Rule::other_format:
      return of((name.empty() ? "other file" : name + " file").c_str()) +
             (count == 1 ? " is" : " are") + " no Markdown";
  }
  return number;
}

void append(std::string& text, const std::string& part, const char* separator) {
  text += (text.empty() ? "" : separator) + part;
}

// The reasons for which Markdown files are left out, in the order of the rules.
std::vector<std::pair<LeftOutReason, std::uint64_t>> markdown_counts(const LeftOut& left_out) {
  std::vector<std::pair<LeftOutReason, std::uint64_t>> counts;
  for (const auto& [reason, count] : left_out.counts) {
    if (reason.rule == Rule::other_format) continue;
    const bool is_more =
        reason.rule == Rule::ignore && !counts.empty() && counts.back().first.rule == Rule::ignore;
    if (is_more) counts.back().second += count;
    else counts.emplace_back(reason, count);
  }
  return counts;
}

std::string markdown_text(const LeftOut& left_out) {
  const auto total = left_out.markdown_files();
  if (total == 0) return {};
  std::string reasons;
  std::uint64_t others = 0;
  const auto counts = markdown_counts(left_out);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i < reasons_shown) append(reasons, counted(counts[i].first, counts[i].second), ", ");
    else others += counts[i].second;
  }
  if (others > 0) append(reasons, std::to_string(others) + " by other rules", ", ");
  return (left_out.is_at_least ? "at least " : "") + std::to_string(total) + " of " +
         std::to_string(total + left_out.posts) + " Markdown files left out: " + reasons;
}

}  // namespace

std::string_view to_string(LeftOutRule rule) {
  for (const auto& [known, name] : rule_names)
    if (known == rule) return name;
  return {};
}

std::optional<LeftOutRule> parse_left_out_rule(std::string_view name) {
  for (const auto& [rule, known] : rule_names)
    if (known == name) return rule;
  return std::nullopt;
}

void LeftOut::add(std::string path, LeftOutReason reason) {
  if (counts.size() >= left_out_names_max && !counts.contains(reason)) ++counts[{reason.rule, ""}];
  else ++counts[reason];
  if (files.size() < left_out_files_max) files.push_back({std::move(path), std::move(reason)});
}

std::uint64_t LeftOut::markdown_files() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : counts)
    if (reason.rule != LeftOutRule::other_format) total += count;
  return total;
}

std::string left_out_text(const LeftOut& left_out) {
  auto text = markdown_text(left_out);
  for (const auto& [reason, count] : left_out.counts)
    if (reason.rule == Rule::other_format) append(text, counted(reason, count), "; ");
  return text;
}

std::string reason_text(const LeftOutReason& reason) {
  const auto& name = reason.name;
  switch (reason.rule) {
    case Rule::repository_file: return name + " is about the repository";
    case Rule::hidden: return name.empty() ? "its name begins with ." : name + " begins with .";
    case Rule::underscore: return name.empty() ? "its name begins with _" : name + " begins with _";
    case Rule::tool_folder: return name + " belongs to a tool";
    case Rule::folder_page: return "its folder has an index, which is its page";
    case Rule::ignore: return "by the pattern '" + name + "' of ignore";
    case Rule::outside_root: return "it lies outside " + name + "/";
    case Rule::symlink: return "a symbolic link is not published";
    case Rule::submodule: return "a submodule is not published";
    case Rule::lfs_pointer: return "a Git LFS pointer is not published";
    case Rule::bad_name: return "its name is not allowed";
    case Rule::other_format: return "a " + name + " file is no Markdown";
  }
  return {};
}

std::string other_format(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return {};
  auto extension = base::to_lower(path.substr(dot));
  const bool is_one = std::ranges::find(other_formats, extension) != other_formats.end();
  return is_one ? extension : std::string();
}

}  // namespace devy::blog
