#include "core/platform/http/server/response.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"

namespace devy::server {
namespace {

[[noreturn]] void refuse_response(const char* cause) {
  throw base::Error(base::ErrorKind::internal, std::string("unable to build a response: ") + cause);
}

bool is_redirect(int status) {
  constexpr std::array redirects{301, 302, 303, 307, 308};
  return std::ranges::find(redirects, status) != redirects.end();
}

bool is_target(std::string_view target) {
  const bool is_whole = target.starts_with("https://") || target.starts_with("http://");
  const bool is_own_path = target.starts_with('/') && !target.starts_with("//");
  // None of these is in a URL that was encoded; browsers take a backslash for a slash.
  constexpr std::string_view refused = "\"<>\\^`{|}";
  return (is_whole || is_own_path) && std::ranges::all_of(target, [&](char byte) {
           return byte > ' ' && byte < 0x7f && refused.find(byte) == std::string_view::npos;
         });
}

std::string tag_of(std::string_view prefix, std::string_view digest) {
  if (!base::is_word_of(digest, "-_")) refuse_response("a tag is malformed");
  return std::string(prefix).append("\"").append(digest).append("\"");
}

std::string_view without_weakness(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// Takes the next tag of a list, `W/"a", "b"`, with its quotes; empty when none begins here.
std::string_view read_tag(std::string_view& list) {
  const auto begin = list.find_first_not_of(" \t,");
  list.remove_prefix(std::min(begin, list.size()));
  const auto opening = list.starts_with("W/") ? 2U : 0U;
  if (opening >= list.size() || list[opening] != '"') return {};
  const auto closing = list.find('"', opening + 1);
  if (closing == std::string_view::npos) return {};
  const auto tag = list.substr(0, closing + 1);
  list.remove_prefix(closing + 1);
  return tag;
}

}  // namespace

bool is_broken_line(std::string_view text) {
  return std::ranges::any_of(
      text, [](unsigned char byte) { return (byte < ' ' && byte != '\t') || byte == 0x7f; });
}

http::Response html_response(int status, std::string body) {
  return text_response(status, std::move(body), "text/html; charset=utf-8");
}

http::Response empty_response() {
  return {204, {}, {}};
}

http::Response redirect_response(int status, std::string_view target) {
  if (!is_redirect(status)) refuse_response("the status is no redirect");
  if (!is_target(target)) refuse_response("its Location is malformed");
  return {status,
          {{"Location", std::string(target)}, {"Content-Type", "text/plain; charset=utf-8"}},
          {}};
}

void set_header(http::Response& response, std::string_view name, std::string_view value) {
  if (!base::is_word_of(name, "-") || is_broken_line(value))
    refuse_response("a header is malformed");
  std::erase_if(response.headers,
                [&](const auto& header) { return base::is_same_word(header.first, name); });
  response.headers.emplace_back(name, value);
}

std::string weak_tag(std::string_view digest) {
  return tag_of("W/", digest);
}

std::string strong_tag(std::string_view digest) {
  return tag_of("", digest);
}

bool is_known(const ReceivedRequest& request, std::string_view tag) {
  auto list = request.header("If-None-Match");
  if (base::trim_blanks(list) == "*") return true;
  while (true) {
    const auto known = read_tag(list);
    if (known.empty()) return false;
    if (without_weakness(known) == without_weakness(tag)) return true;
  }
}

http::Response not_modified_response(std::string_view tag, std::string_view cache_control) {
  http::Response response{304, {}, {}};
  set_header(response, "ETag", tag);
  set_header(response, "Cache-Control", cache_control);
  return response;
}

}  // namespace devy::server
