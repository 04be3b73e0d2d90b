#include "cli/commands/sync/record_wait.hpp"

#include "core/systems_run.hpp"

#include "cli/exit_codes.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/web/login_store.hpp"
#include "core/sync/store/edit_store.hpp"
#include "core/sync/store/record_work.hpp"
#include "core/sync/store/task_document.hpp"

namespace devy::cli {

using base::Error;
using base::ErrorKind;

namespace {

// A text from standard input is read no further than the longest body could be in bytes.
constexpr std::size_t input_bytes_max = sync::body_characters_max * 4;

std::string read_input(Context& context) {
  std::string text;
  while (const auto line = context.terminal().read_line(context.stop())) {
    context.check_stop();
    if (text.size() + line->size() > input_bytes_max)
      throw Error(ErrorKind::usage, "unable to read the text: it is longer than any may be",
                  "A text has at most 65000 characters.");
    text += *line + '\n';
  }
  context.check_stop();
  if (!text.empty()) text.pop_back();
  return text;
}

std::string waiting_words(const sync::RecordState& state, bool is_daemon_there) {
  auto text = sync::state_words(state.state);
  if (!is_daemon_there && !sync::is_at_rest(state.state))
    text += ", but no daemon is there (--here runs it)";
  return text;
}

// Runs what is due in this process; false: there was nothing.
bool run_due(Context& context, const std::optional<base::OperationId>& due) {
  if (!due) return false;
  const auto ran = systems::run_here(
      context.conninfo(), context.config(), {.only = *due}, [](const queue::Progress&) {},
      context.stop());
  context.check_stop();
  return ran > 0;
}

bool is_at_rest(const sync::Connected& connection) {
  const auto& state = connection.state;
  return state == "synced" || state == "blocked" || state == "suspended" || state == "disconnected";
}

bool is_operation_open(const sync::Connected& connection) {
  const auto& state = connection.operation_state;
  return state == "received" || state == "verified" || state == "scheduled" ||
         state == "processing";
}

std::string step_words(const sync::Connected& connection) {
  auto text = connection.project + " and " + connection.repository + ": " + connection.state;
  if (connection.total)
    text += ", " + std::to_string(connection.done) + " of " + std::to_string(*connection.total);
  else if (connection.done > 0) text += ", " + std::to_string(connection.done) + " done";
  return text;
}

}  // namespace

void require_sync(Context& context) {
  if (context.config().sync.enabled) return;
  throw Error(ErrorKind::config, "unable to sync: it is switched off",
              "Set sync.enabled to true in the configuration of this program and of the daemon.",
              "sync_off");
}

std::string github_site(Context& context) {
  return "https://" + context.config().github.host;
}

std::string account_id_of(Context& context, const std::string& username) {
  return web::account_named(context.database(), base::to_lower(username)).text();
}

std::optional<std::string> acting_account(Context& context, const Arguments& arguments) {
  const auto username = arguments.text("as");
  if (!username) return std::nullopt;
  return account_id_of(context, *username);
}

std::vector<std::string> account_ids_of(Context& context,
                                        const std::vector<std::string>& usernames) {
  std::vector<std::string> ids;
  for (const auto& username : usernames)
    if (!username.empty()) ids.push_back(account_id_of(context, username));
  return ids;
}

std::optional<std::string> text_or_input(Context& context, const Arguments& arguments,
                                         const char* option) {
  const auto text = arguments.text(option);
  if (text && *text == "-") return read_input(context);
  return text;
}

sync::RecordState state_of_record(Context& context, const std::string& id) {
  return sync::read_states(context.database(), {id}, context.config().sync.write_gap).at(id);
}

sync::RecordState wait_for_record(Context& context, const std::string& id,
                                  const WaitOptions& options) {
  ProgressLine progress(context);
  const auto begun_at = context.clock().monotonic_now();
  Daemons daemons(context);
  while (true) {
    auto state = state_of_record(context, id);
    if (sync::is_at_rest(state.state)) return state;
    if (options.is_run_here && run_due(context, sync::due_for_record(context.database(), id)))
      continue;
    const auto waited =
        std::chrono::duration_cast<base::Duration>(context.clock().monotonic_now() - begun_at);
    progress.show(waiting_words(state, options.is_run_here || daemons.are_there()));
    if (options.timeout && waited >= *options.timeout) return state;
    context.sleep(wait_interval);
  }
}

int exit_status_of(const sync::RecordState& state) {
  if (!sync::is_at_rest(state.state)) return exit_timed_out;
  return sync::is_well(state.state) ? exit_ok : exit_unsuccessful;
}

void print_reason(Context& context, const sync::RecordState& state) {
  if (!state.reason) return;
  const auto& reason = *state.reason;
  context.err() << (sync::is_well(state.state) ? "note: " : "error: ")
                << base::safe_text(reason.message) << '\n';
  if (!reason.hint.empty()) context.err() << "hint: " << base::safe_text(reason.hint) << '\n';
}

Color state_color(const std::string& state) {
  if (!sync::is_at_rest(state)) return Color::blue;
  if (state == "conflict") return Color::yellow;
  if (state == "local" || state == "gone" || state == "disabled") return Color::dim;
  return sync::is_well(state) ? Color::green : Color::red;
}

sync::Connected wait_for_connection(Context& context, const std::string& id,
                                    const WaitOptions& options) {
  ProgressLine progress(context);
  const auto begun_at = context.clock().monotonic_now();
  while (true) {
    auto connected = sync::find_connection(context.database(), id);
    if (!connected)
      throw Error(ErrorKind::not_found, "the connection is not there any more",
                  "`devy-upload project show` lists a project's connections.");
    const bool is_open = is_operation_open(*connected);
    // Its records' operations, too.
    if (options.is_run_here && run_due(context, sync::due_for_connection(context.database(), id)))
      continue;
    if (is_at_rest(*connected) && !is_open) return *connected;
    if (!is_open && connected->operation_state == "failed") return *connected;
    const auto waited =
        std::chrono::duration_cast<base::Duration>(context.clock().monotonic_now() - begun_at);
    progress.show(step_words(*connected));
    if (options.timeout && waited >= *options.timeout) return *connected;
    context.sleep(wait_interval);
  }
}

int exit_status_of(const sync::Connected& connection) {
  if (connection.state == "synced" || connection.state == "disconnected") return exit_ok;
  if (is_at_rest(connection) || connection.operation_state == "failed") return exit_unsuccessful;
  return exit_timed_out;
}

void print_connection(Context& context, const sync::Connected& connection) {
  if (context.is_json()) {
    print_json(context.out(), sync::connection_json(connection));
    return;
  }
  context.say(step_words(connection));
  if (connection.reason.empty()) return;
  const auto text = sync::explain_reason(connection.reason);
  context.err() << "error: " << base::safe_text(text.message) << '\n';
  if (!text.hint.empty()) context.err() << "hint: " << base::safe_text(text.hint) << '\n';
}

}  // namespace devy::cli
