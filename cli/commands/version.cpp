#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/json_output.hpp"
#include "core/markdown/document.hpp"
#include "core/markdown/library.hpp"
#include "core/pg/library.hpp"
#include "core/repository/library.hpp"
#include "core/store/schema_store.hpp"

// `version`: of the program, its schema and its libraries. Needs no database.

namespace devy::cli {
namespace {

int run(Context& context, const Arguments&) {
  const auto git = repository::git_library();
  if (context.is_json()) {
    print_json(context.out(),
               Json::object({{"program", "devy-upload"},
                             {"version", DEVY_VERSION},
                             {"schema_version", store::schema_version},
                             {"renderer_version", markdown::renderer_version},
                             {"libraries", Json::object({{"cmark_gfm", markdown::library_version()},
                                                         {"libgit2", git.version},
                                                         {"libpq", pg::library_version()}})}}));
    return exit_ok;
  }
  context.out() << version_text() << "\nschema     " << store::schema_version << "\nrenderer   "
                << markdown::renderer_version << "\ncmark-gfm  " << markdown::library_version()
                << "\nlibgit2    " << git.version << "\nlibpq      " << pg::library_version()
                << '\n';
  return exit_ok;
}

}  // namespace

const Command& version_command() {
  static const Command command{.name = "version",
                               .summary = "show the versions of the program and its libraries",
                               .run = run};
  return command;
}

}  // namespace devy::cli
