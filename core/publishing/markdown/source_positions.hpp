#pragma once
// Source positions: where a post's Markdown first names each file of the repository, for warnings
// about broken links. One document; one thread.

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/publishing/markdown/place.hpp"

namespace devy::markdown {

class SourcePositions {
 public:
  // `path` is that of the Markdown file itself, from which relative URLs start.
  explicit SourcePositions(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  // Adds the URL of a link or an image whose text begins at `place`.
  void add_url(std::string_view url, Place place);
  // Adds every URL in the attributes of a piece of raw HTML that begins at `place`.
  void add_html(std::string_view html, Place place);
  // Returns line and column 0 for a file that was not seen.
  [[nodiscard]] Place find(const std::string& target) const;

 private:
  std::string path_;
  std::unordered_map<std::string, Place> places_;  // by FileLink::target
};

}  // namespace devy::markdown
