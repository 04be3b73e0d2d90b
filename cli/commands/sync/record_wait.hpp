#pragma once
// Shared by the verbs about projects, tasks and comments: who acts, texts from standard input, and
// waiting until both sides are equal or something stands in the way. One thread.

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "cli/line/arguments.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/record_state.hpp"
#include "core/sync/store/task_list.hpp"

namespace devy::cli {

// Throws Error(config, "sync_off") where sync is switched off.
void require_sync(Context& context);
// Where GitHub's pages are: "https://github.com".
[[nodiscard]] std::string github_site(Context& context);

// The id of the account that --as names; nothing without it. Throws Error(not_found).
[[nodiscard]] std::optional<std::string> acting_account(Context& context,
                                                        const Arguments& arguments);
[[nodiscard]] std::string account_id_of(Context& context, const std::string& username);
[[nodiscard]] std::vector<std::string> account_ids_of(Context& context,
                                                      const std::vector<std::string>& usernames);

// The text of an option; "-" stands for standard input, up to the longest body.
[[nodiscard]] std::optional<std::string> text_or_input(Context& context, const Arguments& arguments,
                                                       const char* option);

[[nodiscard]] sync::RecordState state_of_record(Context& context, const std::string& id);
// The record at rest, or as it is at the timeout.
[[nodiscard]] sync::RecordState wait_for_record(Context& context, const std::string& id,
                                                const WaitOptions& options);
// exit_ok when all is well, exit_timed_out while it waits, else exit_unsuccessful.
[[nodiscard]] int exit_status_of(const sync::RecordState& state);
// Says on stderr why it is not equal, where there is something to say.
void print_reason(Context& context, const sync::RecordState& state);
[[nodiscard]] Color state_color(const std::string& state);

// The connection when it is synced, or stands still, or as it is at the timeout.
[[nodiscard]] sync::Connected wait_for_connection(Context& context, const std::string& id,
                                                  const WaitOptions& options);
[[nodiscard]] int exit_status_of(const sync::Connected& connection);
void print_connection(Context& context, const sync::Connected& connection);

}  // namespace devy::cli
