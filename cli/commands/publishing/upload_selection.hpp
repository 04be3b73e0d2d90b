#pragma once
// Selects the uploads of a command: named ones, or all that match --state, --blog and --since; and
// applies one action to each of them.

#include <functional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/moment.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::cli {

// Limit for a bulk action: a person reviews the uploads first, and nobody can review more.
inline constexpr int bulk_max = 10'000;

[[nodiscard]] std::vector<std::string> all_states();
[[nodiscard]] std::vector<std::string> terminal_states();
[[nodiscard]] std::vector<std::string> open_states();

[[nodiscard]] Option state_option(std::vector<std::string> choices);
[[nodiscard]] Option blog_option();
// --code: a code that `explain` knows.
[[nodiscard]] Option code_option();
[[nodiscard]] Option reason_option();

// Throws Error(not_found) for a blog that does not exist.
[[nodiscard]] publishing::UploadFilter read_filter(Context& context, const Arguments& arguments);

struct Selection {
  std::vector<publishing::Upload> uploads;  // oldest first when found by a filter
  bool is_bulk = false;                     // found by a filter, or more than one was named
  std::vector<publishing::Upload> left;     // what newest_of_each_blog() took out
};
// Selects by the <id> arguments, else by the filter. Throws Error(usage) for both or neither.
[[nodiscard]] Selection select_uploads(Context& context, const Arguments& arguments,
                                       const std::vector<std::string>& default_states);

// Takes out all but the newest upload of each blog; repairs count by themselves.
[[nodiscard]] Selection newest_of_each_blog(Selection selection);

// Runs `act` on each upload; the text it returns says what happened ("asked to stop"). Asks before
// a bulk action, prints a line or a JSON element for each, and returns exit_ok or exit_partly_done,
// or throws the error of a single upload. With --dry-run it does the same with `consider`, which
// changes nothing, says what `act` would do, and throws what `act` would throw.
struct BulkAct {
  std::string verb;  // "cancel"
  std::function<std::string(const publishing::Upload&)> act, consider;
  bool is_json_elsewhere = false;  // the caller prints the document
};
[[nodiscard]] int run_bulk(Context& context, const Selection& selection, const BulkAct& bulk);

}  // namespace devy::cli
