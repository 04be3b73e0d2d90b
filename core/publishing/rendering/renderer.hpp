#pragma once
// Renders files in a killable child process, one file at a time, each within limits.render_cpu and
// limits.render_memory_bytes_max. A file that exceeds its limits or kills the child becomes a file
// error, and a new child continues with the next file. Files are read ahead, so that the child
// stays busy while the caller works. One thread.

#include <functional>
#include <optional>
#include <stop_token>

#include "core/platform/config/config.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::rendering {

// Calls `next_source` until it returns nothing, and passes each result to `on_result` in the same
// order. Throws what the callbacks throw, Error(stopped) when asked to stop, and Error(internal)
// when no child can be started at all.
void render_files(const config::Limits& limits, const post::RenderOptions& options,
                  const std::function<std::optional<post::SourceFile>()>& next_source,
                  const std::function<void(post::Rendered&&)>& on_result,
                  std::stop_token stop = {});

// Registers the rendering child's role in this program (see platform/process/child.hpp); main calls
// it once.
void register_render_role();

}  // namespace devy::rendering
