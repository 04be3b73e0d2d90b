#pragma once
// Reads and renders the files that a changeset touches, and no others. Untrusted bytes are parsed
// only in the rendering child; finished documents are kept in the spool.

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/snapshot/difference.hpp"
#include "core/publishing/blog/settings.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/plan/spool.hpp"

namespace devy::upload {

struct Rendering {
  plan::Spool spool;
  std::vector<plan::RenderedFile> files;  // one for each change other than a delete, in order
  std::vector<snapshot::FileError> warnings;
  std::map<std::string, std::uint64_t> rejected;  // files in error, by reason
};

// Calls `on_file` with (done, total) after each file.
[[nodiscard]] Rendering render_changes(const config::Config& config, const git::Clone& clone,
                                       const snapshot::Changeset& changeset,
                                       const blog::Settings& settings,
                                       const std::function<void(std::size_t, std::size_t)>& on_file,
                                       const std::stop_token& stop);

}  // namespace devy::upload
