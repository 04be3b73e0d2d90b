#include "core/mirror/scan/target.hpp"

#include <algorithm>
#include <vector>

#include "core/mirror/scan/list.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::scan {
namespace {

// GitHub's own limits for names.
constexpr std::size_t owner_bytes_max = 39, name_bytes_max = 100;
// Fifty characters of a label's name, of up to four bytes; others are shorter.
constexpr std::size_t key_bytes_max = 200;

[[noreturn]] void refuse(std::string_view text) {
  throw base::Error(
      base::ErrorKind::usage, "unable to read the target " + base::in_quotes(base::safe_text(text)),
      "Write owner/name, owner/name/issues, or owner/name/issues/7, or a user's login "
      "for their repositories; the lists are "
      "labels, milestones, issues, pulls, hooks, comments and files.");
}

bool is_name(std::string_view text, std::size_t bytes_max, std::string_view others) {
  return text.size() <= bytes_max && text != "." && text != ".." && base::is_word_of(text, others);
}

// Numbers of issues fit 32 bits, ids of hooks 64.
constexpr std::size_t number_digits_max = 9, id_digits_max = 18;

bool is_number(std::string_view text, std::size_t digits_max) {
  return !text.empty() && text.size() <= digits_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string Target::text() const {
  auto text = repository;
  if (!list.empty()) text += "/" + list;
  if (!key.empty()) text += "/" + key;
  return text;
}

Target parse_target(std::string_view text) {
  std::vector<std::string_view> parts;
  for (auto rest = text;;) {
    const auto slash = parts.size() == 3 ? rest.npos : rest.find('/');
    parts.push_back(rest.substr(0, slash));
    if (slash == rest.npos) break;
    rest.remove_prefix(slash + 1);
  }
  Target target;
  if (!is_name(parts[0], owner_bytes_max, "-_")) refuse(text);
  if (parts.size() == 1) {
    target.repository = parts[0];
    return target;
  }
  if (!is_name(parts[1], name_bytes_max, "._-")) refuse(text);
  target.repository = std::string(parts[0]) + "/" + std::string(parts[1]);
  if (parts.size() == 2) return target;
  const auto* list = find_list(parts[2]);
  if (list == nullptr) refuse(text);
  target.list = parts[2];
  if (parts.size() == 3) {
    if (list->paging == Paging::by_key) refuse(text);
    return target;
  }
  const bool is_named = target.list == "labels" || target.list == "collaborators";
  const bool has_ids = target.list == "hooks" || target.list == "comments";
  if (list->paging == Paging::by_row || parts[3].empty() || parts[3].size() > key_bytes_max ||
      (!is_named && !is_number(parts[3], has_ids ? id_digits_max : number_digits_max)))
    refuse(text);
  target.key = parts[3];
  return target;
}

}  // namespace devy::scan
