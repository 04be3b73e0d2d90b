#pragma once
// GitHub's documents of gists, as far as a scan reads them. What is no gist is left out of a list;
// a document that is none throws Error(unavailable, "github_garbage"). Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::scanning {

struct ListedFile {
  std::string filename;
  std::string blob;  // git's id of its content, from its address; empty: the address tells none
  std::int64_t size = 0;
  std::optional<std::string> media_type, language;
  std::string raw_url;
  // Documents about one gist have it, decoded as GitHub shows it.
  std::optional<std::string> content;
  bool is_truncated = false;
};

struct ListedGist {
  std::string id;
  std::optional<std::int64_t> owner_id;
  bool is_public = false;
  bool is_truncated = false;  // it has more files than GitHub shows
  std::optional<std::string> description;
  std::string html_url, git_pull_url;
  base::TimePoint created_at{}, updated_at{};
  std::vector<ListedFile> files;  // by name
};

[[nodiscard]] std::vector<ListedGist> read_list(std::string_view body);
[[nodiscard]] ListedGist read_gist(std::string_view body);

// Returns the blob id in ".../raw/<blob>/<name>"; empty when there is none.
[[nodiscard]] std::string blob_in(std::string_view raw_url);

}  // namespace devy::scanning
