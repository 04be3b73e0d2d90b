#pragma once
// A URL that may stand in a page: one of our own pages, an embedded asset, or an https address
// elsewhere. Templates have no other way to a link (web.md, "Templates"), so `javascript:` and its
// like have none into a page. A value; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::html {

inline constexpr std::size_t url_bytes_max = 4096;

struct QueryField {
  std::string name;
  std::string value;
};

class Url {
 public:
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  explicit Url(std::string text) : text_(std::move(text)) {}
  std::string text_;

  friend Url own_url(const std::vector<std::string>& segments,
                     const std::vector<QueryField>& query);
  friend std::optional<Url> https_url(std::string_view text);
  friend Url asset_url(std::string_view name);
  friend Url in_page_url(std::string_view id);
};

// The page of these segments: own_url({"operations", id}, {{"state", "failed"}}) is
// "/operations/<id>?state=failed", own_url({}) is "/". Segments, names and values are
// percent-encoded, whatever they hold. Throws Error(rejected) for a segment that no path can hold,
// which is an empty one, "." or "..", and for more than url_bytes_max.
[[nodiscard]] Url own_url(const std::vector<std::string>& segments,
                          const std::vector<QueryField>& query = {});

// An address elsewhere. Nothing unless it is https with a host, without credentials, blanks,
// quotes, angle brackets, backslashes or control characters, and at most url_bytes_max long.
[[nodiscard]] std::optional<Url> https_url(std::string_view text);

// "/assets/<digest>/<name>" of an asset that is embedded (assets.hpp). Throws Error(internal) when
// there is none of that name.
[[nodiscard]] Url asset_url(std::string_view name);

// "#<id>". Throws Error(rejected) unless the id is made of letters, digits, '-' and '_'.
[[nodiscard]] Url in_page_url(std::string_view id);

}  // namespace devy::html
