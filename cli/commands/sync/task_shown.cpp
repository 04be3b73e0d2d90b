#include "cli/commands/sync/task_shown.hpp"

#include "cli/exit_codes.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/sync/store/task_document.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t start_length = 8;

std::string list_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts)
    all += (all.empty() ? "" : ", ") + base::safe_text(text);
  return all.empty() ? "-" : all;
}

void print_state(Context& context, const sync::RecordState& state) {
  auto& out = context.out();
  out << "sync        " << state.state << ": it " << sync::state_words(state.state) << '\n';
  if (const auto url = state.url(github_site(context)); !url.empty())
    out << "github      " << base::safe_text(url) << '\n';
  if (state.position)
    out << "in line     " << *state.position << " go before it"
        << (state.eta ? ", about " + std::to_string(state.eta->count()) + " s" : std::string())
        << '\n';
  if (state.not_before) out << "not before  " << context.time_text(state.not_before) << '\n';
  if (state.reason) out << "reason      " << base::safe_text(state.reason->message) << '\n';
  for (const auto& lost : state.lost)
    out << "lost        " << lost.field << " of version " << lost.version
        << (lost.by.empty() ? std::string() : " by " + base::safe_text(lost.by)) << '\n';
}

// Says on stderr what is not as one who did something would expect. What was deleted here is gone,
// as he wanted.
int end_act_of(Context& context, const Arguments& arguments, const sync::RecordState& state,
               bool is_deleted) {
  const auto waiting = wait_options(arguments);
  if (!waiting || (is_deleted && state.state == "gone")) return exit_ok;
  print_reason(context, state);
  return exit_status_of(state);
}

void wait_if_asked(Context& context, const Arguments& arguments, const std::string& id) {
  if (const auto waiting = wait_options(arguments))
    static_cast<void>(wait_for_record(context, id, *waiting));
}

}  // namespace

Positional task_positional() {
  return {.name = "id", .help = "an id, the beginning of one, or <user>/<slug>#T-12"};
}

Option as_option(const char* help) {
  return {.name = "as", .value = "U", .help = help, .kind = ValueKind::account};
}

Option list_option() {
  return {.name = "list",
          .value = "L",
          .help = "the list that it stands in",
          .choices = {"inbox", "doing", "done", "pull_requests"}};
}

Option version_option() {
  return {.name = "version",
          .value = "N",
          .help = "only if that is its version still",
          .kind = ValueKind::number,
          .least = 1};
}

std::string start_of_id(const std::string& id) {
  return id.substr(0, start_length);
}

void print_task(Context& context, const sync::Task& task, const sync::RecordState& state) {
  std::vector<std::string> assignees;
  for (const auto& person : task.assignees)
    assignees.push_back(person.shown());
  auto& out = context.out();
  out << "task        " << task.project << '#' << task.name() << ' ' << task.id << '\n'
      << "title       " << base::safe_text(task.title) << '\n'
      << "state       " << task.state
      << (task.state_reason ? " as " + *task.state_reason : std::string())
      << (task.deleted_at ? ", deleted" : "") << (task.is_archived ? ", put away" : "") << '\n'
      << "list        " << task.list << '\n'
      << "labels      " << list_of(task.labels) << '\n'
      << "milestone   " << base::safe_text(task.milestone.value_or("-")) << '\n'
      << "assignees   " << list_of(assignees) << '\n'
      << "author      " << base::safe_text(task.author.shown()) << '\n'
      << "updated     " << context.time_text(task.updated_at) << ", version " << task.version
      << '\n'
      << "comments    " << task.comments << '\n';
  print_state(context, state);
  if (!task.body.empty()) out << '\n' << base::safe_text(task.body) << '\n';
}

void print_comment(Context& context, const sync::Comment& comment, const sync::RecordState& state) {
  auto& out = context.out();
  out << "comment     " << comment.id << (comment.deleted_at ? " (deleted)" : "") << '\n'
      << "author      " << base::safe_text(comment.author.shown()) << '\n'
      << "created     " << context.time_text(comment.created_at) << ", version " << comment.version
      << '\n';
  print_state(context, state);
  out << '\n' << base::safe_text(comment.body) << '\n';
}

int end_task_act(Context& context, const Arguments& arguments, const std::string& id,
                 const char* done) {
  wait_if_asked(context, arguments, id);
  const auto task = sync::find_task(context.database(), id).value();
  const auto state = state_of_record(context, id);
  if (context.is_json())
    print_json(context.out(), sync::task_json(task, state, github_site(context)));
  else
    context.say(task.project + "#" + task.name() + " " + done + "; it " +
                sync::state_words(state.state));
  return end_act_of(context, arguments, state, task.deleted_at.has_value());
}

int end_comment_act(Context& context, const Arguments& arguments, const std::string& id,
                    const char* done) {
  wait_if_asked(context, arguments, id);
  const auto comment = sync::find_comment(context.database(), id).value();
  const auto state = state_of_record(context, id);
  if (context.is_json())
    print_json(context.out(), sync::comment_json(comment, state, github_site(context)));
  else
    context.say("the comment " + start_of_id(id) + " " + done + "; it " +
                sync::state_words(state.state));
  return end_act_of(context, arguments, state, comment.deleted_at.has_value());
}

}  // namespace devy::cli
