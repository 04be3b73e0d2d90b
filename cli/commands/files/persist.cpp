#include <iostream>

#include "cli/commands/files/shown_file.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/receive/batch.hpp"
#include "core/files/store/file_store.hpp"
#include "core/files/store/receive_store.hpp"

// `file persist`: spends a token.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

// A token on the command line is seen by whoever lists processes.
std::string given_token(const Arguments& arguments) {
  auto token = arguments.required("token");
  if (token != "-") return token;
  std::getline(std::cin, token);
  return token;
}

[[noreturn]] void refuse_token(const std::string& outcome) {
  if (outcome == "used")
    throw Error(ErrorKind::conflict, "the token was used for something else",
                "Upload the files again.", "token_used");
  if (outcome == "not_ready")
    throw Error(ErrorKind::conflict, "a file of the token is not whole yet",
                "Try again in a moment.", "not_ready");
  if (outcome == "expired")
    throw Error(ErrorKind::not_found, "the files of the token are gone", "Upload them again.",
                "token_expired");
  throw Error(ErrorKind::not_found, "there is no such token",
              "Give it as the upload answered it: dvf_ and 43 letters, digits, '-' and '_'.");
}

int persist_files(Context& context, const Arguments& arguments) {
  const auto digest = receive::token_digest(given_token(arguments));
  if (!digest) refuse_token("unknown");
  files::Persisting persisting{*digest, {}, {}, {}, context.who()};
  if (const auto reference = arguments.text("reference")) {
    const auto colon = reference->find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == reference->size())
      throw Error(ErrorKind::usage, "'" + *reference + "' is no reference",
                  "Write kind:key, as in task:7.");
    persisting.reference = {reference->substr(0, colon), reference->substr(colon + 1)};
  }
  if (context.is_dry_run()) {
    context.would("make the files of the token permanent");
    return exit_ok;
  }
  auto& connection = context.database();
  const auto persisted = files::persist(connection, persisting);
  if (persisted.outcome != "good") refuse_token(persisted.outcome);
  const auto files = files::files_of_token(connection, *digest);
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"files", json_array(files, files::file_json)},
                                            {"is_new", persisted.is_new}}));
    return exit_ok;
  }
  for (const auto& file : files)
    context.out() << file.id.text() << "  " << file.name << '\n';
  if (!persisted.is_new) context.say("that was done before");
  return exit_ok;
}

}  // namespace

const Command& file_persist_command() {
  static const Command command{
      .name = "file persist",
      .summary = "make the temporary files of a token permanent",
      .help =
          "All of them or none, and once; the same reference again changes nothing. A file that "
          "something refers to cannot be deleted. A token given as `-` is read from the standard "
          "input, where nobody else sees it.",
      .examples = {"devy-upload file persist - --reference task:7 < token"},
      .positionals = {{.name = "token", .help = "as the upload answered it, or -"}},
      .options = {{.name = "reference", .value = "K:V", .help = "what uses them, kind:key"}},
      .run = persist_files};
  return command;
}

}  // namespace devy::cli
