#include "core/publishing/markdown/link_url.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/reader_text.hpp"

namespace devy::markdown {
namespace {

// A path of the repository has at most 1 024 bytes (content.md); what joins to more is no file.
constexpr std::size_t target_bytes_max = 1'024;
// No real URL is longer, and each is read several times.
constexpr std::size_t url_bytes_max = 16'384;

bool is_slash(char byte) {
  return byte == '/' || byte == '\\';  // a browser takes one for the other
}

// Without what a browser would skip, and without all that could hide something.
std::string cleaned(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  while (!value.empty()) {
    std::size_t bytes = unwanted_bytes(value);
    if (bytes == 0 && (value[0] == '\n' || value[0] == '\t')) bytes = 1;
    if (bytes == 0) {
      out += value[0];
      bytes = 1;
    }
    value.remove_prefix(bytes);
  }
  const auto begin = out.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return out.substr(begin, out.find_last_not_of(' ') - begin + 1);
}

// The scheme in lower case; nothing when there is none, so that the URL is relative.
std::optional<std::string> scheme_of(std::string_view url) {
  if (url.empty() || !base::is_letter(url[0])) return std::nullopt;
  std::size_t end = 1;
  while (end < url.size() && (base::is_letter_or_digit(url[end]) || url[end] == '+' ||
                              url[end] == '-' || url[end] == '.'))
    ++end;
  if (end == url.size() || url[end] != ':') return std::nullopt;
  return base::to_lower(url.substr(0, end));
}

// Adds the parts of `path` to `parts`; false when it climbs out of the repository.
bool walk(std::string_view path, std::vector<std::string_view>& parts) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") parts.push_back(part);
    else if (parts.empty()) return false;
    else parts.pop_back();
  }
  return true;
}

std::string target_of(std::string_view url_path, std::string_view file) {
  const std::string decoded = base::percent_decoded(url_path);
  if (!base::is_valid_utf8(decoded) || base::has_control_character(decoded)) return {};
  std::vector<std::string_view> parts;
  const auto folder_end = file.rfind('/');
  if (!decoded.starts_with('/') && folder_end != std::string_view::npos)
    walk(file.substr(0, folder_end), parts);
  if (!walk(decoded, parts)) return {};
  if (parts.empty()) return ".";  // the repository's root
  std::string target;
  for (const auto part : parts) {
    if (!target.empty()) target += '/';
    target += part;
  }
  return target.size() > target_bytes_max ? std::string() : target;
}

}  // namespace

std::string prefixed_id(std::string_view id) {
  std::string out;
  if (!id.starts_with(id_prefix)) out = id_prefix;
  return out.append(id);
}

LinkUrl parse_link_url(std::string_view value, const std::string& path) {
  using Kind = LinkUrl::Kind;
  LinkUrl url;
  if (value.size() > url_bytes_max) return url;
  std::string text = cleaned(value);
  if (const auto scheme = scheme_of(text)) {
    if (*scheme == "http" || *scheme == "https") url.kind = Kind::web;
    else if (*scheme == "mailto") url.kind = Kind::mail;
    url.text = std::move(text);
    return url;
  }
  if (text.size() > 1 && is_slash(text[0]) && is_slash(text[1])) {
    url.kind = Kind::web;
    url.text = std::move(text);
    return url;
  }
  const std::string_view all = text;
  const auto hash = std::min(all.find('#'), all.size());
  const auto file = all.substr(0, std::min(all.find('?'), hash));
  const auto fragment = all.substr(std::min(hash + 1, all.size()));
  if (file.empty()) {
    url.kind = hash == all.size() ? Kind::itself : Kind::fragment;
    url.fragment = fragment;
    return url;
  }
  url.kind = Kind::file;
  url.target = target_of(file, path);
  url.fragment = fragment;
  url.is_rooted = file.starts_with('/') || base::to_lower(file.substr(0, 3)) == "%2f";
  return url;
}

}  // namespace devy::markdown
