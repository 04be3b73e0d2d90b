#include <algorithm>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "embedded/web_routes.hpp"

// `web routes`: the table of pages, as the build read it from daemon/web/page_table.cpp.

namespace devy::cli {
namespace {

struct WebRoute {
  std::string method, path, right;
};

std::vector<WebRoute> list_web_routes() {
  std::vector<WebRoute> routes;
  auto left = embedded::web_routes;
  while (!left.empty()) {
    const auto line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    const auto first = line.find(' '), second = line.rfind(' ');
    routes.push_back({std::string(line.substr(0, first)),
                      std::string(line.substr(first + 1, second - first - 1)),
                      std::string(line.substr(second + 1))});
  }
  return routes;
}

Json route_json(const WebRoute& route) {
  return Json::object({{"method", route.method}, {"path", route.path}, {"right", route.right}});
}

int show_web_routes(Context& context, const Arguments&) {
  const auto routes = list_web_routes();
  if (context.is_json()) {
    print_json(context.out(), json_array(routes, route_json));
    return exit_ok;
  }
  Table table({{"METHOD"}, {"PATH"}, {"RIGHT"}});
  for (const auto& route : routes)
    table.add({route.method, route.path, route.right});
  table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& web_routes_command() {
  static const Command command{
      .name = "web routes",
      .summary = "list the pages, and who may open them",
      .help =
          "In the order in which a path is compared with them; '*' stands for any one part. The "
          "right is anyone, user (logged in; he sees what is his) or operator.",
      .examples = {"devy-upload web routes", "devy-upload web routes --json"},
      .name_field = "path",
      .run = show_web_routes};
  return command;
}

}  // namespace devy::cli
