#pragma once
// An upload in words for people: its state, its counts, its end. Everything that comes from
// outside is made safe for a terminal here. Pure, but for print_end().

#include <string>

#include "cli/context.hpp"
#include "cli/table.hpp"
#include "core/store/upload_store.hpp"

namespace devy::cli {

inline constexpr std::size_t id_shown = 8;      // digits of an id where ambiguity does no harm
inline constexpr std::size_t commit_shown = 8;  // digits of a commit, as GitHub shows them

[[nodiscard]] Color color_of(queue::State state);
// "processing (fetch)", "verified (cancel requested)", "failed".
[[nodiscard]] std::string state_text(const store::Upload& upload);
// "2 created, 1 updated, 5 unchanged, 1 file error"; "nothing changed"; empty when not known yet.
[[nodiscard]] std::string counts_text(const std::optional<store::ChangeCounts>& counts);
// "+2 ~1 »1 -3 !1": for a column.
[[nodiscard]] std::string counts_sketch(const std::optional<store::ChangeCounts>& counts);
// "cancelled by a newer upload: 0f3c…", or empty.
[[nodiscard]] std::string pointer_text(const store::Upload& upload);
[[nodiscard]] std::string short_id(const std::string& id);
// "1a2b3c4d completed: alice/blog at 9fceb02d, 1.2s".
[[nodiscard]] std::string end_line(const store::Upload& upload, bool is_colored);

// How an upload ended, with its counts, file errors and what to do next.
void print_end(Context& context, const store::Upload& upload);

}  // namespace devy::cli
