#include <algorithm>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/row_store.hpp"
#include "core/platform/base/error.hpp"

// `mirror show`: rows of the mirror, for who does not want to write SQL.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

bool is_number(const std::string& text) {
  constexpr std::size_t digits_max = 9;  // of an integer of PostgreSQL, to be sure
  return !text.empty() && text.size() <= digits_max &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Color row_color(const std::string& state) {
  if (state == "open" || state == "active") return Color::green;
  if (state == "merged" || state == "closed") return Color::blue;
  return state.empty() ? Color::none : Color::dim;
}

int show_mirror_rows(Context& context, const Arguments& arguments) {
  const auto name = arguments.required("repository");
  const auto what = arguments.text("what").value_or("issue");
  const auto key = arguments.text("key");
  if (key && what != "label" && what != "hook" && !is_number(*key))
    throw Error(ErrorKind::usage, "'" + *key + "' is no number",
                "Give the number that GitHub shows behind the #.");
  auto& connection = context.database();
  const auto repository = mirror::find_repository(connection, name);
  if (!repository)
    throw Error(ErrorKind::not_found, "the mirror does not know '" + name + "'",
                "`devy-upload mirror list` shows what is mirrored.");
  const auto rows = mirror::show_rows(connection, repository->id, what, key,
                                      static_cast<int>(arguments.number("limit").value_or(50)));
  if (context.is_json()) {
    print_json(context.out(), json_array(rows, [](const auto& row) { return row.document; }));
    return exit_ok;
  }
  if (rows.empty() && key)
    throw Error(ErrorKind::not_found,
                "the mirror has no " + what + " '" + *key + "' of " + repository->full_name,
                "`devy-upload mirror load` asks GitHub for it.");
  if (key && rows.size() == 1) {
    print_json(context.out(), rows.front().document);
    return exit_ok;
  }
  Table table(
      {{"KEY"}, {"STATE"}, {.title = "TITLE", .is_elastic = true}, {"CHANGED"}, {"MIRRORED"}});
  for (const auto& row : rows)
    table.add({row.key, Cell(row.state.empty() ? "-" : row.state, row_color(row.state)), row.title,
               context.time_text(row.changed_at),
               context.time_text(row.replicated_at) + (row.is_settled ? "" : " *")});
  if (table.empty()) context.say("nothing of that is mirrored");
  else table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& mirror_show_command() {
  static const Command command{
      .name = "mirror show",
      .summary = "show rows of a mirrored repository",
      .help =
          "With a key the whole row as JSON: a number, a label's name, or a hook's id; for files "
          "the number of their pull request. An asterisk marks rows that may have changed again "
          "within the second of their last change.",
      .examples = {"devy-upload mirror show alice/notes issue 7",
                   "devy-upload mirror show alice/notes pull --json"},
      .positionals = {{.name = "repository", .help = "owner/name"},
                      {.name = "what",
                       .help = "of which kind; issues unless given",
                       .is_optional = true,
                       .choices = {"issue", "pull", "label", "milestone", "hook", "files"}},
                      {.name = "key", .help = "one of them", .is_optional = true}},
      .options = {limit_option(10'000)},
      .run = show_mirror_rows};
  return command;
}

}  // namespace devy::cli
