#pragma once
// Describes an upload for people: its state, its counts, its end. Untrusted text is made safe for a
// terminal here. Pure, except for what takes a Context.

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/terminal/table.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::cli {

inline constexpr std::size_t id_shown = 8;      // digits of an id where ambiguity is harmless
inline constexpr std::size_t commit_shown = 8;  // digits of a commit, as GitHub shows them

[[nodiscard]] Color color_of(queue::State state);
// "processing (fetch)", "verified (cancel requested)", "failed".
[[nodiscard]] std::string state_text(const publishing::Upload& upload);
// Returns "2 created, 1 updated, 5 unchanged, 1 file error"; "nothing changed"; empty when not
// known yet.
[[nodiscard]] std::string counts_text(const std::optional<publishing::ChangeCounts>& counts);
// Returns "+2 ~1 »1 -3 !1", for a column.
[[nodiscard]] std::string counts_sketch(const std::optional<publishing::ChangeCounts>& counts);
// Returns "cancelled by a newer upload: 0f3c…", or an empty text.
[[nodiscard]] std::string pointer_text(const publishing::Upload& upload);
[[nodiscard]] std::string short_id(const std::string& id);
// "1a2b3c4d completed: alice/blog at 9fceb02d, 1.2s".
[[nodiscard]] std::string end_line(const publishing::Upload& upload, bool is_colored);

// The file errors of the blog's head, where that is what the upload brought.
[[nodiscard]] std::vector<snapshot::FileError> file_errors_of(Context& context,
                                                              const publishing::Upload& upload);
// Prints what an author has to know of an upload: which files are left out, the first file errors,
// the first warnings.
void print_problems(Context& context, const publishing::Upload& upload);
// Prints how an upload ended, with its counts, file errors and advice on what to do next.
void print_end(Context& context, const publishing::Upload& upload);

}  // namespace devy::cli
