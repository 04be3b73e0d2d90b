#include "cli/commands/files/shown_file.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/store/file_store.hpp"

// `file delete` and `file restore`: each file by itself.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

void check_deleted(const std::string& outcome, const files::File& file) {
  if (outcome == "deleted") return;
  if (outcome == "ended") return;  // what came of it is swept on its node
  if (outcome == "in_use")
    throw Error(ErrorKind::conflict, "the file '" + file.id.text() + "' is in use",
                "`devy-upload file show` says what refers to it.", "in_use");
  throw Error(ErrorKind::not_found, "the file '" + file.id.text() + "' is " + file.state,
              "Only temporary and permanent files can be deleted.");
}

void check_restored(const std::string& outcome, const files::File& file) {
  if (outcome == "restored") return;
  if (outcome == "absent")
    throw Error(ErrorKind::not_found, "the file '" + file.id.text() + "' is " + file.state,
                "Only deleted files can be restored.");
  if (outcome == "temporary")
    throw Error(ErrorKind::conflict, "the file '" + file.id.text() + "' was a temporary one",
                "Upload it again.");
  if (outcome == "blocked")
    throw Error(ErrorKind::denied, "the owner of the file is blocked",
                "`devy-upload file unblock` lets him have files again.", "blocked");
  throw Error(ErrorKind::denied, "the owner of the file has no room for it",
              "`devy-upload file quota set` gives him more.", "quota_exceeded");
}

using Act = void (*)(Context&, const files::File&);

void delete_one(Context& context, const files::File& file) {
  audited(context.who(), context.database(), {"file.delete", file.id.text()}, [&] {
    check_deleted(files::delete_file(context.database(), file.id, {}, context.who()), file);
  });
}

void restore_one(Context& context, const files::File& file) {
  audited(context.who(), context.database(), {"file.restore", file.id.text()}, [&] {
    check_restored(files::restore_file(context.database(), file.id, context.config().files), file);
  });
}

// All ids are looked up before anything is done. Of several files that all refuse, the first says
// why.
int act_on_files(Context& context, const Arguments& arguments, const std::string& verb,
                 const std::string& done, Act act) {
  std::vector<files::File> chosen;
  for (const auto& id : arguments.all("id"))
    chosen.push_back(required_file(context, id));
  std::vector<Json> documents;
  std::optional<Error> first_error;
  std::size_t errors = 0;
  for (const auto& file : chosen) {
    context.check_stop();
    auto document = Json::object({{"id", file.id}, {"name", file.name}});
    try {
      if (!context.is_dry_run()) act(context, file);
      const auto result = context.is_dry_run() ? "would " + verb : done;
      documents.push_back(document.set("result", result).set("error", Json(nullptr)));
      if (!context.is_json()) context.say(file.id.text() + " " + result + ": " + file.name);
    } catch (const Error& error) {
      if (base::is_passing(error.kind())) throw;
      if (chosen.size() == 1) throw;
      ++errors;
      if (!first_error) first_error = error;
      documents.push_back(document.set("result", "refused").set("error", error.code()));
      if (!context.is_json()) context.err() << "error: " << error.text() << '\n';
    }
  }
  if (errors == chosen.size()) throw Error(*first_error);
  if (context.is_json())
    print_json(context.out(), json_array(documents, [](const Json& document) { return document; }));
  return errors > 0 ? exit_partly_done : exit_ok;
}

int delete_files(Context& context, const Arguments& arguments) {
  return act_on_files(context, arguments, "delete", "deleted", delete_one);
}

int restore_files(Context& context, const Arguments& arguments) {
  return act_on_files(context, arguments, "restore", "restored", restore_one);
}

}  // namespace

const Command& file_delete_command() {
  static const Command command{
      .name = "file delete",
      .summary = "delete files",
      .help =
          "For files.keep_deleted they can be restored; then their bytes go, unless another file "
          "has them. What something refers to is not deleted, and ends with 5; where only some of "
          "several are refused, 11.",
      .examples = {"devy-upload file delete <id>"},
      .positionals = {{.name = "id", .help = "as `file list` has it", .is_repeatable = true}},
      .run = delete_files};
  return command;
}

const Command& file_restore_command() {
  static const Command command{
      .name = "file restore",
      .summary = "make deleted files permanent again",
      .help =
          "As long as the clean-up has not forgotten them. An owner who has no room for them, or "
          "who is blocked, ends with 6.",
      .examples = {"devy-upload file list --state deleted", "devy-upload file restore <id>"},
      .positionals = {{.name = "id", .help = "as `file list` has it", .is_repeatable = true}},
      .run = restore_files};
  return command;
}

}  // namespace devy::cli
