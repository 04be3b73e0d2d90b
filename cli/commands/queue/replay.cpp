#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/publishing/store/upload_json.hpp"

// `replay`: opens ended uploads again, as their next attempt.

namespace devy::cli {
namespace {

using base::Error;

queue::ReplayOptions read_options(Context& context, const Arguments& arguments) {
  queue::ReplayOptions options;
  options.is_forced = arguments.has("force");
  options.is_from_start = arguments.has("from-start");
  options.extra_attempts = static_cast<int>(context.config().queue.max_attempts);
  options.requested_by = context.who();
  options.reason = arguments.text("reason").value_or("");
  return options;
}

void replay_audited(pg::Connection& connection, const base::OperationId& id,
                    const queue::ReplayOptions& options) {
  audited(options.requested_by, connection,
          {options.is_forced ? "operation.force" : "operation.replay", id.text(), options.reason},
          [&] { queue::replay(connection, id, options); });
}

std::string replay_one(pg::Connection& connection, const publishing::Upload& upload,
                       const queue::ReplayOptions& options) {
  replay_audited(connection, upload.id, options);
  queue::wake_workers(connection);
  return "replayed";
}

std::string consider_one(pg::Connection& connection, const publishing::Upload& upload,
                         const queue::ReplayOptions& options) {
  if (const auto obstacle = queue::replay_obstacle(connection, upload.id, options))
    throw Error(*obstacle);
  return "would replay";
}

// Waits for one after the other; the uploads themselves run concurrently.
int wait_for_all(Context& context, const std::vector<base::UploadId>& ids,
                 const WaitOptions& options) {
  auto documents = Json::array();
  int status = exit_ok;
  std::size_t over = 0;
  const auto rest = [&] {
    std::vector<std::string> names;
    for (auto place = over; place < ids.size(); ++place)
      names.push_back(ids[place].text());
    return names;
  };
  for (const auto& id : ids) {
    const auto upload = wait_or_say(
        context, [&] { return wait_for_end(context, id, options); }, rest);
    ++over;
    const auto own = exit_status_of(upload);
    if (status != exit_unsuccessful && own != exit_ok) status = own;
    if (context.is_json()) documents.push(upload_json(upload));
    else print_end(context, upload);
  }
  if (context.is_json()) print_json(context.out(), documents);
  return status;
}

// One document a command: with --wait it is the uploads as they ended.
int replay_and_wait(Context& context, const Selection& selection,
                    const queue::ReplayOptions& options, const WaitOptions& waiting) {
  std::vector<base::UploadId> replayed;
  const auto act = [&](const publishing::Upload& upload) {
    auto text = replay_one(context.database(), upload, options);
    replayed.push_back(upload.id);
    return text;
  };
  const auto consider = [&](const publishing::Upload& upload) {
    return consider_one(context.database(), upload, options);
  };
  const int status = run_bulk(context, selection, {"replay", act, consider, true});
  if (replayed.empty()) {
    if (context.is_json() && !context.is_dry_run()) print_json(context.out(), Json::array());
    return status;
  }
  const int waited = wait_for_all(context, replayed, waiting);
  return status == exit_ok ? waited : status;
}

int replay_other(Context& context, const queue::OperationRow& operation,
                 const queue::ReplayOptions& options) {
  const auto id = id_of(operation);
  if (context.is_dry_run()) {
    if (const auto obstacle = queue::replay_obstacle(context.database(), id, options))
      throw would_be_refused(*obstacle);
    print_other(context, operation, "would replay");
    return exit_ok;
  }
  replay_audited(context.database(), id, options);
  queue::wake_workers(context.database());
  print_other(context, operation, "replayed");
  return exit_ok;
}

int run_replay(Context& context, const Arguments& arguments) {
  const auto options = read_options(context, arguments);
  if (const auto other = other_operation(context, arguments))
    return replay_other(context, *other, options);
  // A newer one of the same blog would take the place of an older one at once.
  const auto selection = newest_of_each_blog(select_uploads(context, arguments, {"failed"}));
  if (const auto waiting = wait_options(arguments))
    return replay_and_wait(context, selection, options, *waiting);
  const auto act = [&](const publishing::Upload& upload) {
    return replay_one(context.database(), upload, options);
  };
  const auto consider = [&](const publishing::Upload& upload) {
    return consider_one(context.database(), upload, options);
  };
  return run_bulk(context, selection, {"replay", act, consider});
}

}  // namespace

const Command& replay_command() {
  static const Command command{
      .name = "replay",
      .summary = "run ended uploads again",
      .help =
          "The same upload goes on as its next attempt, from the step where it ended, with the "
          "commit it had found. One that is older than what the blog shows is refused, and changes "
          "nothing, unless --force says that it is a rollback; that pins the blog there until the "
          "next push. Of several of one blog the newest is taken alone.",
      .examples = {"devy-upload replay @last-failed --wait",
                   "devy-upload replay --state failed --since 1h --yes",
                   "devy-upload replay 1a2b3c4d --force --reason 'roll back'"},
      .positionals = {{.name = "id",
                       .help = "id, prefix of one, @last or @last-failed",
                       .kind = ValueKind::upload,
                       .is_optional = true,
                       .is_repeatable = true}},
      .options = {state_option(terminal_states()),
                  blog_option(),
                  code_option(),
                  since_option(),
                  until_option(),
                  {.name = "from-start", .help = "forget the step and the commit it had reached"},
                  {.name = "force", .help = "even over something newer: a rollback"},
                  wait_option(),
                  here_option(),
                  reason_option()},
      .run = run_replay};
  return command;
}

}  // namespace devy::cli
