#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/command_line.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/git/library.hpp"
#include "core/platform/pg/library.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "core/publishing/markdown/library.hpp"
#include "core/publishing/post/document.hpp"
#include "embedded/commit.hpp"

// `version`: of the program, its schema and its libraries. Needs no database.

namespace devy::cli {
namespace {

int run_version(Context& context, const Arguments&) {
  const auto git = git::git_library();
  if (context.is_json()) {
    print_json(context.out(),
               Json::object({{"program", "devy-upload"},
                             {"version", DEVY_VERSION},
                             {"commit", embedded::commit},
                             {"schema_version", schema::schema_version},
                             {"renderer_version", post::renderer_version},
                             {"libraries", Json::object({{"cmark_gfm", markdown::library_version()},
                                                         {"libgit2", git.version},
                                                         {"libpq", pg::library_version()}})}}));
    return exit_ok;
  }
  context.out() << version_text() << "\ncommit     " << embedded::commit << "\nschema     "
                << schema::schema_version << "\nrenderer   " << post::renderer_version
                << "\ncmark-gfm  " << markdown::library_version() << "\nlibgit2    " << git.version
                << "\nlibpq      " << pg::library_version() << '\n';
  return exit_ok;
}

}  // namespace

const Command& version_command() {
  static const Command command{.name = "version",
                               .summary = "show the versions of the program and its libraries",
                               .run = run_version};
  return command;
}

}  // namespace devy::cli
