#pragma once
// Asks GitHub about one thing of which the mirror has a row: whether it is still there, and if not,
// why. Uses a handler's means, with their thread; throws what Api throws, but for "not found",
// which is an answer.

#include <optional>
#include <string>

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/sweep_store.hpp"

namespace devy::scan {

// Returns how the row ends. Nothing: it is there, and its row is written; or GitHub does not want
// to tell. `now` is stamped where the answer has no time.
[[nodiscard]] std::optional<mirror::RowEnd> ask_about(Handler::Work& work, const List& list,
                                                      const mirror::Unseen& row,
                                                      base::TimePoint now);

// Throws when GitHub does not show the repository itself: then a 404 of anything in it proves
// nothing.
void require_repository(Handler::Work& work);

}  // namespace devy::scan
