#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/line/moment.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/platform/web/audit_store.hpp"

// `audit list`: what people did.

namespace devy::cli {
namespace {

Json act_json(const web::RecordedAct& act) {
  return Json::object({{"id", act.id},
                       {"at", act.at},
                       {"actor", act.actor},
                       {"address", base::unless_empty(act.address)},
                       {"act", act.act},
                       {"target", act.target},
                       {"filter", act.filter ? Json::stored(*act.filter) : Json()},
                       {"count", act.count},
                       {"reason", act.reason},
                       {"result", act.result}});
}

int list_audit(Context& context, const Arguments& arguments) {
  web::AuditFilter filter;
  filter.actor = arguments.text("actor");
  filter.act = arguments.text("act");
  filter.target = arguments.text("target");
  filter.since = time_since(arguments, "since", context.now());
  filter.until = time_since(arguments, "until", context.now());
  filter.before = arguments.number("before");
  filter.limit = static_cast<int>(arguments.number("limit").value());
  const auto acts = web::list_acts(context.database(), filter);
  if (context.is_json()) {
    print_json(context.out(), json_array(acts, act_json));
    return exit_ok;
  }
  Table table({{.title = "ID", .align = Align::right},
               {"WHEN"},
               {.title = "WHO", .is_elastic = true},
               {"ACT"},
               {.title = "TARGET", .is_elastic = true},
               {.title = "COUNT", .align = Align::right},
               {"RESULT"},
               {.title = "REASON", .is_elastic = true}});
  for (const auto& act : acts)
    table.add({std::to_string(act.id), context.time_text(act.at), act.actor, act.act,
               act.target.empty() ? act.filter.value_or("-") : act.target,
               act.count ? std::to_string(*act.count) : "-", act.result, act.reason.value_or("-")});
  if (table.empty()) context.say("nobody did anything like that");
  else table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& audit_list_command() {
  static const Command command{
      .name = "audit list",
      .summary = "list what people did, the latest first",
      .help =
          "Acts in the browser, at the command line and by the API, for 400 days. A filter looks "
          "at ten thousand acts at a time; --before goes on from there.",
      .examples = {"devy-upload audit list --since 24h",
                   "devy-upload audit list --actor web:alice --json"},
      .options = {{.name = "actor", .value = "WHO", .help = "by that one: web:alice"},
                  {.name = "act", .value = "ACT", .help = "of that kind: account.operator_on"},
                  {.name = "target", .value = "T", .help = "to that thing"},
                  since_option(),
                  until_option(),
                  {.name = "before",
                   .value = "ID",
                   .help = "earlier than that one",
                   .kind = ValueKind::number,
                   .least = 1},
                  limit_option(10'000)},
      .is_paged = true,
      .run = list_audit};
  return command;
}

}  // namespace devy::cli
