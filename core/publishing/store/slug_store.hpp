#pragma once
// Reads the words about slugs in the front matter of posts, as it was when they were last written:
// only of posts that have no slug basis yet, because an earlier version wrote them. Throws what
// pg::Connection throws.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct SlugWords {
  std::optional<std::string> slug, permalink;  // as post::FrontMatter has them
};
// By path; posts that said nothing are left out.
[[nodiscard]] std::unordered_map<std::string, SlugWords> slug_words(
    pg::Connection& connection, const base::BlogId& blog, const std::vector<std::string>& paths);

}  // namespace devy::publishing
