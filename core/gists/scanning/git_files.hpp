#pragma once
// The files of a gist that has more than GitHub's document shows: from its repository, by a shallow
// fetch in the fetching child. Throws what git::Clone throws. One thread.

#include <stop_token>
#include <string>
#include <vector>

#include "core/gists/scanning/document.hpp"
#include "core/platform/config/config.hpp"

namespace devy::scanning {

struct GitFiles {
  std::vector<ListedFile> files;  // with their contents, but for too large ones
  bool is_partial = false;        // there are more than gists.files_max
};
[[nodiscard]] GitFiles read_git_files(const config::Config& config, const ListedGist& gist,
                                      const std::stop_token& stop);

}  // namespace devy::scanning
