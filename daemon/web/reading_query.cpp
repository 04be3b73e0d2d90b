#include "daemon/web/reading_query.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t names_max = 8, value_bytes_max = 1024;

using Values = std::vector<std::pair<std::string, std::string>>;

std::string decoded(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return base::percent_decoded(spaced);
}

Values read_values(std::string_view query, std::string_view known, auto is_known) {
  Values values;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const auto middle = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, middle));
    auto value = decoded(pair.substr(std::min(middle + 1, pair.size())));
    if (!is_known(name) || values.size() == names_max)
      throw Error(ErrorKind::usage, "there is no such filter: " + base::in_quotes(name),
                  "The filters are " + std::string(known) + ".");
    if (std::ranges::find(values, name, &Values::value_type::first) != values.end())
      throw Error(ErrorKind::usage, "'" + name + "' comes twice", "Give each filter once.");
    if (value.size() > value_bytes_max || !base::is_valid_utf8(value) ||
        base::has_control_character(value))
      throw Error(ErrorKind::usage, "'" + name + "' is not a line of text",
                  "Give it as UTF-8, percent-encoded, in at most 1 KiB.");
    values.emplace_back(std::move(name), std::move(value));
  }
  return values;
}

int read_limit(const std::string& text) {
  int limit = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, limit);
  if (read.ec != std::errc() || read.ptr != end || limit < 1 || limit > publishing::list_posts_max)
    throw Error(ErrorKind::usage, "'limit' is not a number from 1 to 100",
                "Leave it out for 20 posts.");
  return limit;
}

publishing::PostFilter filter_of(std::string_view query) {
  publishing::PostFilter filter;
  const auto is_known = [](std::string_view name) {
    return name == "tag" || name == "author" || name == "lang" || name == "before" ||
           name == "limit";
  };
  for (auto& [name, value] : read_values(query, "tag, author, lang, before and limit", is_known)) {
    if (name == "tag") filter.tag = std::move(value);
    else if (name == "author") filter.author = std::move(value);
    else if (name == "lang") filter.lang = std::move(value);
    else if (name == "limit") filter.limit = read_limit(value);
    else if (filter.before = publishing::parse_post_cursor(value); !filter.before)
      throw Error(ErrorKind::usage, "'before' is not the cursor of a list",
                  "Copy it from the list before, or leave it out to begin with the newest post.");
  }
  return filter;
}

reading::PostRequest request_of(std::string_view query) {
  reading::PostRequest request;
  const auto is_known = [](std::string_view name) { return name == "format" || name == "preview"; };
  for (auto& [name, value] : read_values(query, "format and preview", is_known)) {
    if (name == "preview") request.preview = std::move(value);
    else if (value == "markdown") request.format = reading::Format::markdown;
    else if (value != "json")
      throw Error(ErrorKind::usage, "there is no such format: " + base::in_quotes(value),
                  "The formats are json and markdown.");
  }
  return request;
}

template <class Result>
std::variant<Result, http::Response> checked(Result (*read)(std::string_view),
                                             std::string_view query) {
  try {
    return read(query);
  } catch (const Error& error) {
    return reading::malformed(error.text(), error.hint());
  }
}

}  // namespace

std::variant<publishing::PostFilter, http::Response> read_post_filter(std::string_view query) {
  return checked(filter_of, query);
}

std::variant<reading::PostRequest, http::Response> read_post_request(std::string_view query) {
  return checked(request_of, query);
}

}  // namespace devy::daemon
