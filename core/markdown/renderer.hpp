#pragma once
// Renders files in a killable child process, one file at a time, each within limits.render_cpu and
// limits.render_memory_bytes_max: a file that overruns or kills the child becomes a file error, and
// a new child goes on with the next file. Reading ahead keeps the child busy while the caller
// works. One thread.

#include <functional>
#include <optional>
#include <stop_token>

#include "core/config/config.hpp"
#include "core/markdown/document.hpp"

namespace devy::markdown {

// Asks `next_source` until it gives nothing; gives each result to `on_result` in the same order.
// Throws what the callbacks throw, Error(stopped) when asked to stop, and Error(internal) when no
// child can be started at all.
void render_files(const config::Limits& limits, const RenderOptions& options,
                  const std::function<std::optional<SourceFile>()>& next_source,
                  const std::function<void(Rendered&&)>& on_result, std::stop_token stop = {});

// Makes this program able to play the rendering child (see process/child.hpp); main calls it once.
void register_render_role();

}  // namespace devy::markdown
