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

// GitHub's word about one thing. Nothing at all: it does not want to tell.
struct Seen {
  std::optional<mirror::RowEnd> end;  // it is there no more: how its row ends
  std::optional<github::Answer> answer;
  // The thing, as the answer has it; beside an end, the one that has its name now.
  records::Records records;
};
// Writes nothing. `now` is the time of an end where the answer has none.
[[nodiscard]] Seen look_at(pg::Connection& connection, Api& api,
                           const github::Repository& repository, const List& list,
                           const mirror::Unseen& row, base::TimePoint now);

// Returns how the row ends. Nothing: it is there, and its row is written; or GitHub does not want
// to tell.
[[nodiscard]] std::optional<mirror::RowEnd> ask_about(Handler::Work& work, const List& list,
                                                      const mirror::Unseen& row,
                                                      base::TimePoint now);

// Throws when GitHub does not show the repository itself: then a 404 of anything in it proves
// nothing.
void require_repository(pg::Connection& connection, Api& api, std::int64_t id);

}  // namespace devy::scan
