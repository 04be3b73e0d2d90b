#include "cli/commands/queue/audited.hpp"
#include "cli/commands/sync/record_wait.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/task_document.hpp"
#include "core/sync/store/verify_store.hpp"

// `project verify`: compares tasks with what the mirror holds of GitHub.

namespace devy::cli {
namespace {

void append(std::vector<sync::Difference>& to, std::vector<sync::Difference>&& from) {
  for (auto& one : from)
    to.push_back(std::move(one));
}

sync::Comparison compare_all(pg::Connection& connection,
                             const std::vector<sync::Connected>& connections) {
  sync::Comparison all;
  for (const auto& one : connections) {
    if (one.state == "disconnected") continue;
    auto found = sync::compare(connection, one.id);
    all.equal += found.equal;
    append(all.missing, std::move(found.missing));
    append(all.extra, std::move(found.extra));
    append(all.different, std::move(found.different));
    all.is_more = all.is_more || found.is_more;
  }
  return all;
}

void print_differences(Context& context, const char* word,
                       const std::vector<sync::Difference>& differences) {
  for (const auto& one : differences) {
    context.out() << word << ' ' << one.kind << ' ' << base::safe_text(one.repository) << '#'
                  << one.github_key;
    if (!one.id.empty()) context.out() << ' ' << one.id;
    for (const auto& field : one.fields)
      context.out() << ' ' << field;
    context.out() << '\n';
  }
}

int verify_project(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  const auto connections = sync::list_connections(connection, project.id);
  auto compared = compare_all(connection, connections);
  if (arguments.has("repair") && !compared.is_equal() && !context.is_dry_run()) {
    require_sync(context);
    for (const auto& one : connections) {
      if (one.state == "disconnected") continue;
      const auto found = sync::compare(connection, one.id);
      audited(context.who(), connection,
              {"project.repair", project.address() + " " + one.repository}, [&] {
                for (const auto* differences : {&found.missing, &found.extra, &found.different})
                  sync::record_repairs(connection, one.id, *differences);
              });
      queue::wake_workers(connection);
      if (const auto waiting = wait_options(arguments))
        static_cast<void>(wait_for_connection(context, one.id, *waiting));
    }
    compared = compare_all(connection, connections);
  }
  if (context.is_json()) {
    print_json(context.out(), sync::comparison_json(project.address(), compared));
  } else {
    print_differences(context, "missing", compared.missing);
    print_differences(context, "extra", compared.extra);
    print_differences(context, "different", compared.different);
    context.say(project.address() + ": " + std::to_string(compared.equal) + " equal, " +
                std::to_string(compared.missing.size()) + " missing, " +
                std::to_string(compared.extra.size()) + " extra, " +
                std::to_string(compared.different.size()) + " different" +
                (compared.is_more ? ", and more" : ""));
  }
  return compared.is_equal() ? exit_ok : exit_problems_found;
}

}  // namespace

const Command& project_verify_command() {
  static const Command command{
      .name = "project verify",
      .summary = "compare a project's tasks with GitHub, as the mirror has it",
      .help =
          "Asks GitHub nothing. Missing: GitHub has it alone. Extra: a task is linked with "
          "something that GitHub has no more. What still waits to be sent is no difference. "
          "--repair has both sides brought together where they differ.",
      .examples = {"devy-upload project verify alice/plans",
                   "devy-upload project verify alice/plans --repair --here --json"},
      .positionals = {{.name = "project", .help = "<user>/<slug>"}},
      .options = {{.name = "repair", .help = "have what differs put right"},
                  wait_option(),
                  here_option()},
      .run = verify_project};
  return command;
}

}  // namespace devy::cli
