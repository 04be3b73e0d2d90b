#pragma once
// Source positions: where a post's Markdown names each file of the repository, and each place on
// its own page ("#install"), for warnings about broken links. One document; one thread.

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/publishing/markdown/place.hpp"

namespace devy::markdown {

class SourcePositions {
 public:
  // `path` is that of the Markdown file itself, from which relative URLs start.
  explicit SourcePositions(std::string path) : path_(std::move(path)) {}
  SourcePositions(const SourcePositions&) = delete;
  SourcePositions& operator=(const SourcePositions&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  // Adds the URL of a link or an image whose text begins at `place`. The order is that of the HTML.
  void add_url(std::string_view url, Place place);
  // The same for a URL whose place is known only later: it has to be set then.
  [[nodiscard]] Place* reserve(std::string_view url);
  // Adds every URL in the attributes of a piece of raw HTML that begins at `place`.
  void add_html(std::string_view html, Place place);
  // Returns the place that names the target for the n-th time, counted from 0; the last one when
  // there are fewer, and line and column 0 for a target that was not seen.
  [[nodiscard]] Place find(const std::string& target, std::size_t nth) const;

 private:
  std::string path_;
  std::deque<Place> places_;  // its items stay where they are
  // By FileLink::target, or '#' and the fragment as written.
  std::unordered_map<std::string, std::vector<const Place*>> by_target_;
};

}  // namespace devy::markdown
