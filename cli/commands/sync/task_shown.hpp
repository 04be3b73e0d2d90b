#pragma once
// Shared by the verbs about tasks and comments: their options, and how they are printed. One
// thread.

#include <string>

#include "cli/commands/sync/record_wait.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"

namespace devy::cli {

[[nodiscard]] Positional task_positional();
[[nodiscard]] Option as_option(const char* help);
[[nodiscard]] Option list_option();
[[nodiscard]] Option version_option();

[[nodiscard]] std::string start_of_id(const std::string& id);
void print_task(Context& context, const sync::Task& task, const sync::RecordState& state);
void print_comment(Context& context, const sync::Comment& comment, const sync::RecordState& state);

// Waits if that is asked, then prints the record, or a line with what was done, and says how it
// stands. Returns the exit status.
int end_task_act(Context& context, const Arguments& arguments, const std::string& id,
                 const char* done);
int end_comment_act(Context& context, const Arguments& arguments, const std::string& id,
                    const char* done);

}  // namespace devy::cli
