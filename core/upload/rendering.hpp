#pragma once
// Reads and renders the files a changeset touches, and no other. Hostile bytes are handled in the
// rendering child; documents wait in the spool.

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "core/blog/settings.hpp"
#include "core/config/config.hpp"
#include "core/publish/plan.hpp"
#include "core/publish/spool.hpp"
#include "core/repository/clone.hpp"
#include "core/snapshot/difference.hpp"

namespace devy::upload {

struct Rendering {
  publish::Spool spool;
  std::vector<publish::RenderedFile> files;  // one a change that is not a delete, in order
  std::vector<snapshot::FileError> warnings;
  std::map<std::string, std::uint64_t> rejected;  // files in error, by reason
};

// `on_file` is called with (done, total) after each file.
[[nodiscard]] Rendering render_changes(const config::Config& config, const repository::Clone& clone,
                                       const snapshot::Changeset& changeset,
                                       const blog::Settings& settings,
                                       const std::function<void(std::size_t, std::size_t)>& on_file,
                                       const std::stop_token& stop);

}  // namespace devy::upload
