#include "cli/commands/files/shown_file.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/hex.hpp"

// `file list` and `file show`.

namespace devy::cli {
namespace {

Color file_color(const files::File& file) {
  if (file.content_state == "lost" || file.state == "rejected") return Color::red;
  if (file.state == "permanent") return Color::green;
  return file.state == "deleted" ? Color::dim : Color::blue;
}

// As the operator sees a file: whose it is, too.
Json owned_file_json(const files::File& file) {
  auto document = files::file_json(file);
  return document.set("owner", file.owner_login);
}

int list_all_files(Context& context, const Arguments& arguments) {
  files::FileFilter filter;
  filter.login = arguments.text("owner").value_or("");
  filter.state = arguments.text("state").value_or("");
  filter.is_unused = arguments.has("unused");
  filter.limit = static_cast<int>(arguments.number("limit").value_or(50));
  const auto files = files::list_files(context.database(), filter);
  if (context.is_json()) {
    print_json(context.out(), json_array(files, owned_file_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {"STATE"},
               {.title = "SIZE", .align = Align::right},
               {"OWNER"},
               {.title = "NAME", .is_elastic = true},
               {"CREATED"},
               {"EXPIRES"}});
  for (const auto& file : files)
    table.add({file.id.text(), Cell(file.state, file_color(file)), size_text(file.size),
               file.owner_login, file.name, context.time_text(file.created_at),
               context.time_text(file.expires_at)});
  if (table.empty()) context.say("there are no such files");
  else table.print(context.terminal());
  return exit_ok;
}

int show_one_file(Context& context, const Arguments& arguments) {
  const auto file = required_file(context, arguments.required("id"));
  if (context.is_json()) {
    print_json(context.out(), owned_file_json(file));
    return exit_ok;
  }
  auto& out = context.out();
  out << "file        " << file.id.text() << '\n'
      << "name        " << file.name << '\n'
      << "owner       " << file.owner_login << '\n'
      << "state       " << file.state << (file.content_state == "lost" ? " (bytes lost)" : "")
      << '\n'
      << "size        " << file.size << " bytes\n"
      << "type        " << file.media_type << '\n'
      << "sha256      " << (file.sha256 ? base::to_hex(*file.sha256) : "-") << '\n'
      << "created     " << context.time_text(file.created_at) << '\n'
      << "expires     " << context.time_text(file.expires_at) << '\n';
  for (const auto& reference : file.references)
    out << "used by     " << reference.kind << ' ' << reference.key << '\n';
  return exit_ok;
}

}  // namespace

const Command& file_list_command() {
  static const Command command{
      .name = "file list",
      .summary = "list files, the newest first",
      .examples = {"devy-upload file list --owner alice", "devy-upload file list --unused --json"},
      .options =
          {{.name = "owner", .value = "O", .help = "of one owner", .kind = ValueKind::account},
           {.name = "state",
            .value = "S",
            .help = "in one state; all but deleted and rejected unless given",
            .choices = {"receiving", "assembling", "checking", "temporary", "permanent", "rejected",
                        "deleted"}},
           {.name = "unused", .help = "permanent ones that nothing refers to"},
           limit_option(10'000)},
      .is_paged = true,
      .run = list_all_files};
  return command;
}

const Command& file_show_command() {
  static const Command command{.name = "file show",
                               .summary = "show a file",
                               .examples = {"devy-upload file show <id> --json"},
                               .positionals = {{.name = "id", .help = "as `file list` has it"}},
                               .run = show_one_file};
  return command;
}

}  // namespace devy::cli
