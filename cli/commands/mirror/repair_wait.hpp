#pragma once
// Has what `mirror verify` found fetched, and waits for that. Throws Error(stopped) when
// interrupted; the fetches themselves go on.

#include <optional>

#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/verify/verification.hpp"

namespace devy::cli {

struct Repairs {
  std::vector<std::string> targets;  // "alice/notes/issues/7", each once
  bool is_over = false;              // all of them have ended; else there was no time to wait
};
[[nodiscard]] Repairs repair_mirror(Context& context, const mirror::Repository& repository,
                                    const verify::Verification& found,
                                    const std::optional<WaitOptions>& waiting);

}  // namespace devy::cli
