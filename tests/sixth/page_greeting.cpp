#include "tests/sixth/page_greeting.hpp"
#include "daemon/web/frame.hpp"
#include "html_names/greeting.hpp"

namespace devy::daemon {
namespace {

namespace greeting_names = html::greeting;

constexpr pg::Statement select_greeted{"select_greeted", R"sql(
  select key from resource where kind = 'greeted' order by id limit 50)sql"};

}  // namespace

http::Response show_greetings(Visit& visit) {
  Frame frame(visit, {.title = "Greetings", .path = "/greetings"});
  auto& content = frame.content(greeting_names::template_file);
  content.set(greeting_names::greeted_name, visit.visitor->username);
  for (const auto row : visit.connection.query(select_greeted)) {
    auto& greeted = content.add(greeting_names::greeted);
    greeted.set_url(greeting_names::greeted_url,
                    html::own_url({"operations"}, {{"key", row.text("key")}}));
    greeted.set(greeting_names::greeted_key, row.view("key"));
  }
  return frame.response();
}

}  // namespace devy::daemon
