#pragma once
// Which uploads a command means: named ones, or all that match --state, --blog and --since; and
// doing one thing to each of them.

#include <functional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "core/store/upload_store.hpp"

namespace devy::cli {

// A bulk act is looked over by a person; more than this nobody looks over.
inline constexpr int bulk_max = 10'000;

[[nodiscard]] std::vector<std::string> all_states();
[[nodiscard]] std::vector<std::string> terminal_states();
[[nodiscard]] std::vector<std::string> open_states();

[[nodiscard]] Option state_option(std::vector<std::string> choices);
[[nodiscard]] Option blog_option();
[[nodiscard]] Option since_option();
[[nodiscard]] Option reason_option();

// Throws Error(not_found) for a blog that does not exist.
[[nodiscard]] store::UploadFilter read_filter(Context& context, const Arguments& arguments);

struct Selection {
  std::vector<store::Upload> uploads;  // oldest first when found by a filter
  bool is_bulk = false;                // found by a filter, or more than one was named
};
// Names of <id>, else the filter. Throws Error(usage) for both or neither.
[[nodiscard]] Selection select_uploads(Context& context, const Arguments& arguments,
                                       const std::vector<std::string>& default_states);

// Runs `act` on each; its text says what happened ("asked to stop"). Asks before a bulk act, says
// what it would do with --dry-run, prints a line or a JSON element for each, and returns exit_ok,
// exit_partly_done, or throws the error of a single upload.
struct BulkAct {
  std::string verb;  // "cancel"
  std::function<std::string(const store::Upload&)> act;
  bool is_json_elsewhere = false;  // the caller prints the document
};
[[nodiscard]] int run_bulk(Context& context, const Selection& selection, const BulkAct& bulk);

}  // namespace devy::cli
