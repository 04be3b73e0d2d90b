#pragma once
// Where a post's Markdown first names each file of the repository, for warnings about links that
// go nowhere. One document; one thread.

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/markdown/value.hpp"

namespace devy::markdown {

class Mentions {
 public:
  // `path`: of the Markdown file itself, which relative URLs start from.
  explicit Mentions(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  // The URL of a link or an image whose text begins at `place`.
  void add_url(std::string_view url, Place place);
  // Every URL among the attributes of a piece of raw HTML that begins at `place`.
  void add_html(std::string_view html, Place place);
  // Line and column 0 for a file that was not seen.
  [[nodiscard]] Place find(const std::string& target) const;

 private:
  std::string path_;
  std::unordered_map<std::string, Place> places_;  // by FileLink::target
};

}  // namespace devy::markdown
