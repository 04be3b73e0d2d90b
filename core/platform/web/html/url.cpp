#include "core/platform/web/html/url.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/web/html/assets.hpp"

namespace devy::html {
namespace {

using base::Error;
using base::ErrorKind;

// RFC 3986's unreserved characters; all others are escaped, those that a segment might have too.
void append_encoded(std::string& url, std::string_view text) {
  for (const char byte : text) {
    const bool is_unreserved =
        base::is_letter_or_digit(byte) || byte == '-' || byte == '.' || byte == '_' || byte == '~';
    if (is_unreserved) url += byte;
    else base::append_percent_encoded(url, byte);
  }
}

// A browser takes "." and ".." away, escaped ones too, and reads "//" as another host.
void append_segment(std::string& url, const std::string& segment) {
  if (segment.empty() || segment == "." || segment == "..")
    throw Error(ErrorKind::rejected,
                "unable to link to a page: " + base::in_quotes(segment) + " is no part of a path");
  url += '/';
  append_encoded(url, segment);
}

bool may_stand_in_url(char byte) {
  constexpr std::string_view refused = "\"'<>\\^`{|}";
  return byte > ' ' && byte < 0x7F && refused.find(byte) == std::string_view::npos;
}

}  // namespace

Url own_url(const std::vector<std::string>& segments, const std::vector<QueryField>& query) {
  std::string url;
  for (const auto& segment : segments)
    append_segment(url, segment);
  if (segments.empty()) url = "/";
  char separator = '?';
  for (const auto& field : query) {
    url += separator;
    append_encoded(url, field.name);
    url += '=';
    append_encoded(url, field.value);
    separator = '&';
  }
  if (url.size() > url_bytes_max)
    throw Error(ErrorKind::rejected, "unable to link to a page: its address has " +
                                         std::to_string(url.size()) + " bytes, at most " +
                                         std::to_string(url_bytes_max) + " are possible");
  return Url(std::move(url));
}

std::optional<Url> https_url(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  if (text.size() > url_bytes_max || !base::is_same_word(text.substr(0, scheme.size()), scheme))
    return std::nullopt;
  if (!std::ranges::all_of(text, may_stand_in_url)) return std::nullopt;
  const auto rest = text.substr(scheme.size());
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty() || authority.starts_with(':') ||
      authority.find('@') != std::string_view::npos)
    return std::nullopt;
  return Url(std::string(scheme) + std::string(rest));
}

Url asset_url(std::string_view name) {
  for (const Asset& asset : assets())
    if (asset.name == name) return Url("/assets/" + asset.digest + "/" + std::string(name));
  throw Error(ErrorKind::internal,
              "unable to link to an asset: none is called " + base::in_quotes(name));
}

Url in_page_url(std::string_view id) {
  if (!base::is_word_of(id, "-_"))
    throw Error(ErrorKind::rejected, "unable to link to a place: " + base::in_quotes(id) +
                                         " has more than letters, digits, '-' and '_'");
  return Url("#" + std::string(id));
}

}  // namespace devy::html
