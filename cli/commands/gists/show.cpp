#include "cli/commands/gists/tracked.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/gists/store/gist_store.hpp"
#include "core/gists/store/visit_store.hpp"
#include "core/platform/base/safe_text.hpp"

// `gist list`, `gist show` and `gist latest`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t gist_id_shown = 10;

int run_gist_list(Context& context, const Arguments& arguments) {
  const auto user = tracked_user(context, arguments.required("login"));
  const auto found = gists::list_gists(context.database(), user.id, arguments.has("gone"));
  if (context.is_json()) {
    print_json(context.out(), json_array(found, gists::gist_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {.title = "DESCRIPTION", .is_elastic = true},
               {.title = "FILES", .align = Align::right},
               {"UPDATED"},
               {"GONE"}});
  for (const auto& gist : found)
    table.add({gist.id.substr(0, gist_id_shown), gist.description.value_or(""),
               std::to_string(gist.files.size()), context.time_text(gist.updated_at),
               gist.gone_reason});
  if (table.empty()) context.say("no gists of " + user.login + " are known");
  else table.print(context.terminal());
  return exit_ok;
}

int show_gist_file(Context& context, const gists::Gist& gist, const std::string& name,
                   bool is_raw) {
  for (const auto& file : gist.files) {
    if (file.filename != name) continue;
    const auto content = gists::content_of(context.database(), file.id);
    if (!content)
      throw Error(ErrorKind::conflict, "the content of " + base::in_quotes(name) + " is not stored",
                  "It is at " + file.raw_url + ".", "content_" + file.content_state);
    if (is_raw) {
      context.out() << *content;
      return exit_ok;
    }
    // A terminal gets no control characters of a stranger's.
    std::size_t begin = 0;
    while (begin < content->size()) {
      const auto end = std::min(content->find('\n', begin), content->size());
      context.out() << base::safe_text(content->substr(begin, end - begin), content->size())
                    << '\n';
      begin = end + 1;
    }
    return exit_ok;
  }
  throw Error(ErrorKind::not_found, "the gist has no file " + base::in_quotes(name),
              "`devy-upload gist show " + gist.id + "` shows its files.");
}

int run_gist_show(Context& context, const Arguments& arguments) {
  const auto gist = gists::find_gist(context.database(), arguments.required("gist"));
  if (const auto name = arguments.text("file"))
    return show_gist_file(context, gist, *name, arguments.has("raw"));
  if (arguments.has("raw"))
    throw Error(ErrorKind::usage, "--raw is for one file", "Name it by --file.");
  if (context.is_json()) {
    print_json(context.out(), gists::gist_json(gist));
    return exit_ok;
  }
  auto& out = context.out();
  out << "gist     " << gist.id << '\n'
      << "owner    " << gist.owner << '\n'
      << "about    " << base::safe_text(gist.description.value_or("-")) << '\n'
      << "address  " << base::safe_text(gist.html_url) << '\n'
      << "created  " << context.time_text(gist.created_at) << '\n'
      << "updated  " << context.time_text(gist.updated_at) << '\n';
  if (gist.gone_at)
    out << "gone     " << context.time_text(gist.gone_at) << ", " << gist.gone_reason << '\n';
  if (gist.is_partial) out << "partial  it has more files than gists.files_max\n";
  Table table({{.title = "FILE", .is_elastic = true},
               {"LANGUAGE"},
               {.title = "SIZE", .align = Align::right},
               {.title = "VERSION", .align = Align::right},
               {"CONTENT"},
               {"FOUND"}});
  for (const auto& file : gist.files)
    table.add({file.filename, file.language, std::to_string(file.size),
               std::to_string(file.version), file.content_state, context.time_text(file.found_at)});
  table.print(context.terminal());
  return exit_ok;
}

int run_gist_latest(Context& context, const Arguments& arguments) {
  gists::Visit visit;
  visit.login = arguments.required("login");
  visit.visitor = arguments.text("visitor").value_or("operator:" + context.who());
  visit.has_edits = arguments.has("edits");
  const bool is_look = arguments.has("peek") || context.is_dry_run();
  const auto session =
      is_look ? gists::look(context.database(), visit) : gists::visit(context.database(), visit);
  if (!session)
    throw Error(ErrorKind::not_found, base::in_quotes(visit.login) + " is not tracked",
                "`devy-upload gist user list` shows who is.", "not_tracked");
  if (context.is_json()) {
    print_json(context.out(), gists::session_json(*session));
    return exit_ok;
  }
  Table table({{"GIST"},
               {.title = "FILE", .is_elastic = true},
               {.title = "VERSION", .align = Align::right},
               {"FOUND"}});
  for (const auto& file : session->files)
    table.add({file.gist.substr(0, gist_id_shown), file.filename, std::to_string(file.version),
               context.time_text(file.found_at)});
  if (table.empty()) context.say("nothing is new for " + visit.visitor);
  else table.print(context.terminal());
  if (session->is_more) context.say("there is more: ask again");
  return exit_ok;
}

}  // namespace

const Command& gist_list_command() {
  static const Command command{
      .name = "gist list",
      .summary = "list the gists of a tracked user",
      .examples = {"devy-upload gist list alice --gone --json"},
      .positionals = {{.name = "login", .help = "of the user at GitHub"}},
      .options = {{.name = "gone", .help = "those that are public no more, too"}},
      .is_paged = true,
      .run = run_gist_list};
  return command;
}

const Command& gist_show_command() {
  static const Command command{
      .name = "gist show",
      .summary = "show a gist, or a file of it",
      .examples = {"devy-upload gist show 7d20c1a9e4",
                   "devy-upload gist show 7d20c1a9e4 --file trays.sql --raw"},
      .positionals = {{.name = "gist", .help = "its id, or the beginning of it"}},
      .options = {{.name = "file", .value = "F", .help = "the content of this file"},
                  {.name = "raw", .help = "its bytes as they are, control characters too"}},
      .run = run_gist_show};
  return command;
}

const Command& gist_latest_command() {
  static const Command command{
      .name = "gist latest",
      .summary = "show what is new since the visitor's last visit",
      .help =
          "Each visitor sees each file once. Who asks is the person at the command line, unless "
          "--visitor names another.",
      .examples = {"devy-upload gist latest alice",
                   "devy-upload gist latest alice --visitor anonymous --peek --json"},
      .positionals = {{.name = "login", .help = "of the user at GitHub"}},
      .options = {{.name = "visitor", .value = "V", .help = "in whose name: anonymous, github:42"},
                  {.name = "edits", .help = "later versions of files, too"},
                  {.name = "peek", .help = "look, and have nothing count as seen"}},
      .run = run_gist_latest};
  return command;
}

}  // namespace devy::cli
