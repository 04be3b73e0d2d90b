#include "daemon/web/publishing_connect_form.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"
#include "core/platform/github/access.hpp"

namespace devy::daemon {
namespace {

// Limits beyond those of GitHub's names (39 and 100) and of ours; blog.slug has the same.
constexpr std::size_t typed_bytes_max = 300, slug_bytes_max = 63, branch_bytes_max = 200;

std::string trimmed_field(const server::Fields& fields, std::string_view name) {
  constexpr std::string_view blanks = " \t";
  const auto text = fields.line(name).value_or("");
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(blanks) - begin + 1));
}

}  // namespace

ConnectForm read_connect_form(const server::Fields& fields) {
  return {trimmed_field(fields, "repository"), trimmed_field(fields, "slug"),
          trimmed_field(fields, "branch")};
}

std::optional<std::string> typed_repository(std::string_view text, const config::Github& github) {
  if (text.size() > typed_bytes_max) return std::nullopt;
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.find("://") != std::string_view::npos)
    return github::repository_name(github, std::string(text));
  if (text.starts_with(github.host + "/")) text.remove_prefix(github.host.size() + 1);
  return github::repository_name(github, "https://" + github.host + "/" + std::string(text));
}

std::string slug_of_repository(std::string_view name) {
  std::string slug;
  for (const char byte : name.substr(0, slug_bytes_max)) {
    if (base::is_letter_or_digit(byte)) slug += base::to_lower(byte);
    else if (!slug.empty() && slug.back() != '-') slug += '-';
  }
  if (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

bool is_branch_name(std::string_view name) {
  constexpr std::string_view refused = " ~^:?*[\\";
  const auto is_refused = [&](char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value < 0x20U || value == 0x7fU || refused.find(byte) != std::string_view::npos;
  };
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  return !name.empty() && name.size() <= branch_bytes_max && name.front() != '-' &&
         name.front() != '/' && name.back() != '/' && name.back() != '.' && !has("..") &&
         !has("//") && !has("/.") && !has("@{") && name.front() != '.' &&
         !name.ends_with(".lock") && std::ranges::none_of(name, is_refused);
}

}  // namespace devy::daemon
