#include "cli/commands/queue/audited.hpp"
#include "cli/commands/sync/task_shown.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/edit_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/task_document.hpp"

// `comment add`, `list`, `edit` and `delete`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

std::string needed_body(Context& context, const Arguments& arguments) {
  auto body = text_or_input(context, arguments, "body");
  if (body) return *std::move(body);
  throw Error(ErrorKind::usage, "unable to write the comment: its text is missing",
              "Say --body, or --body - for standard input.");
}

int add_task_comment(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("task"));
  sync::NewComment comment;
  comment.task_id = task.id;
  const auto author = acting_account(context, arguments);
  comment.author_id = author ? *author : sync::need_project(connection, task.project_id).account_id;
  comment.body = needed_body(context, arguments);
  if (context.is_dry_run()) {
    context.would("comment on " + task.project + "#" + task.name());
    return exit_ok;
  }
  const auto added = audited(context.who(), connection, {"comment.add", task.id},
                             [&] { return sync::add_comment(connection, comment); });
  queue::wake_workers(connection);
  return end_comment_act(context, arguments, added.id, "is added");
}

int list_task_comments(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("task"));
  const auto page = sync::list_comments(connection, task.id, "",
                                        static_cast<int>(arguments.number("limit").value()));
  std::vector<std::string> ids;
  for (const auto& comment : page.comments)
    ids.push_back(comment.id);
  const auto states = sync::read_states(connection, ids, context.config().sync.write_gap);
  if (context.is_json()) {
    print_json(context.out(), json_array(page.comments, [&](const sync::Comment& comment) {
                 return sync::comment_json(comment, states.at(comment.id), github_site(context));
               }));
    return exit_ok;
  }
  Table table({{"ID"}, {"AUTHOR"}, {.title = "TEXT", .is_elastic = true}, {"SYNC"}, {"CREATED"}});
  for (const auto& comment : page.comments) {
    const auto& state = states.at(comment.id);
    table.add({start_of_id(comment.id), comment.author.shown(),
               comment.deleted_at ? "(deleted) " + comment.body : comment.body,
               Cell(state.state, state_color(state.state)), context.time_text(comment.created_at)});
  }
  if (table.empty()) context.say("nobody has said anything");
  else table.print(context.terminal());
  if (!page.cursor.empty()) context.say("there are more; --limit shows them");
  return exit_ok;
}

int edit_task_comment(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto comment = sync::need_comment(connection, arguments.required("id"));
  const auto body = needed_body(context, arguments);
  if (context.is_dry_run()) {
    context.would("change the comment " + start_of_id(comment.id));
    return exit_ok;
  }
  const auto editor = acting_account(context, arguments);
  audited(context.who(), connection, {"comment.edit", comment.id},
          [&] { return sync::edit_comment(connection, comment.id, editor, std::nullopt, body); });
  queue::wake_workers(connection);
  return end_comment_act(context, arguments, comment.id, "is changed");
}

int delete_task_comment(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto comment = sync::need_comment(connection, arguments.required("id"));
  if (context.is_dry_run()) {
    context.would("delete the comment " + start_of_id(comment.id));
    return exit_ok;
  }
  if (!context.options().is_yes)
    throw CommandError(
        exit_needs_yes, ErrorKind::usage,
        "deleting the comment " + start_of_id(comment.id) + " deletes it at GitHub, too",
        "Add --yes if that is meant.");
  const auto editor = acting_account(context, arguments);
  audited(context.who(), connection, {"comment.delete", comment.id},
          [&] { return sync::delete_comment(connection, comment.id, editor, std::nullopt); });
  queue::wake_workers(connection);
  return end_comment_act(context, arguments, comment.id, "is deleted");
}

Positional comment_positional() {
  return {.name = "id", .help = "an id, or the beginning of one"};
}
Option body_option() {
  return {.name = "body", .value = "B", .help = "its text, Markdown; - is standard input"};
}

}  // namespace

const Command& comment_add_command() {
  static const Command command{
      .name = "comment add",
      .summary = "comment on a task, here and at GitHub",
      .examples = {"devy-upload comment add alice/plans#T-12 --body 'Done.' --wait"},
      .positionals = {{.name = "task", .help = "an id, or <user>/<slug>#T-12"}},
      .options = {body_option(), as_option("who says it; the project's owner unless given"),
                  wait_option(), here_option()},
      .run = add_task_comment};
  return command;
}

const Command& comment_list_command() {
  static const Command command{
      .name = "comment list",
      .summary = "list the comments on a task, the oldest first",
      .examples = {"devy-upload comment list alice/plans#T-12"},
      .positionals = {{.name = "task", .help = "an id, or <user>/<slug>#T-12"}},
      .options = {limit_option(10'000)},
      .run = list_task_comments};
  return command;
}

const Command& comment_edit_command() {
  static const Command command{
      .name = "comment edit",
      .summary = "change a comment, here and at GitHub",
      .examples = {"devy-upload comment edit 1c9f20aa --body 'Done, and tried.'"},
      .positionals = {comment_positional()},
      .options = {body_option(), as_option("who changes it"), wait_option(), here_option()},
      .run = edit_task_comment};
  return command;
}

const Command& comment_delete_command() {
  static const Command command{
      .name = "comment delete",
      .summary = "delete a comment, here and at GitHub",
      .examples = {"devy-upload comment delete 1c9f20aa --yes"},
      .positionals = {comment_positional()},
      .options = {as_option("who deletes it"), wait_option(), here_option()},
      .run = delete_task_comment};
  return command;
}

}  // namespace devy::cli
