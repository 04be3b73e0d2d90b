#include "cli/commands/gists/crm_acts.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/gists/outbox/crm_handler.hpp"
#include "core/gists/store/crm_list_store.hpp"
#include "core/platform/base/time_text.hpp"

// `gist crm`: what the CRM was told, and what it is still to be told.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int listed_default = 50;

std::optional<gists::CrmPause> pause_of(Context& context) {
  const auto& settings = context.config().crm;
  if (crm::company_of(settings).empty()) return std::nullopt;
  const auto names =
      outbox::pause_names(settings.company, crm::fingerprint(crm::open_access(settings)));
  return gists::crm_pause(context.database(), outbox::all_of(names));
}

int show_crm_status(Context& context) {
  const auto company = crm::company_of(context.config().crm);
  const auto figures = gists::crm_figures(context.database());
  const auto pause = pause_of(context);
  if (context.is_json()) {
    auto states = Json::object();
    for (const auto& [state, count] : figures.states)
      states.set(state, count);
    print_json(context.out(),
               Json::object({{"company", company.empty() ? Json() : Json(company)},
                             {"states", states},
                             {"oldest_pending_seconds", figures.oldest_pending_seconds},
                             {"paused_until", pause ? Json(pause->until) : Json()},
                             {"pause_reason", pause ? Json(pause->reason) : Json()}}));
    return exit_ok;
  }
  auto& out = context.out();
  out << "company   " << (company.empty() ? "none: nothing is told" : company) << '\n';
  for (const auto& [state, count] : figures.states)
    out << state << std::string(10 - state.size(), ' ') << count << '\n';
  if (figures.oldest_pending_seconds)
    out << "waiting   since "
        << base::format_duration(std::chrono::seconds(*figures.oldest_pending_seconds)) << '\n';
  if (pause)
    out << "paused    until " << base::format_rfc3339(pause->until) << ": " << pause->reason
        << '\n';
  return exit_ok;
}

Json crm_item_json(const gists::ListedCrmItem& item) {
  return Json::object({{"id", item.id},
                       {"kind", item.kind},
                       {"state", item.state},
                       {"gist", item.gist},
                       {"filename", item.filename},
                       {"wanted", item.wanted},
                       {"sent", item.sent},
                       {"remote_id", item.remote_id},
                       {"attempt_at", item.attempt_at},
                       {"error", item.error}});
}

Color crm_state_color(const std::string& state) {
  if (state == "refused") return Color::red;
  if (state == "sent") return Color::green;
  return state == "gone" ? Color::dim : Color::blue;
}

int list_crm(Context& context, const Arguments& arguments) {
  const auto limit = static_cast<int>(arguments.number("limit").value_or(listed_default));
  const auto items = gists::list_crm_items(context.database(), arguments.text("state"), limit);
  if (context.is_json()) {
    print_json(context.out(), json_array(items, crm_item_json));
    return exit_ok;
  }
  Table table({{"ID"},
               {"KIND"},
               {"STATE"},
               {.title = "VERSION", .align = Align::right},
               {.title = "FILE", .is_elastic = true},
               {"TRIED"},
               {.title = "ERROR", .is_elastic = true}});
  for (const auto& item : items)
    table.add({item.id, item.kind, Cell(item.state, crm_state_color(item.state)),
               std::to_string(item.sent) + "/" + std::to_string(item.wanted),
               item.filename.value_or("-"), context.time_text(item.attempt_at),
               item.error.value_or("")});
  if (table.empty()) context.say("there are no such items");
  else table.print(context.terminal());
  return exit_ok;
}

int run_gist_crm(Context& context, const Arguments& arguments) {
  const auto act = arguments.required("act");
  const bool is_retry = act == "retry";
  if (is_retry != arguments.has("id"))
    throw Error(ErrorKind::usage, is_retry ? "missing argument: <id>" : "only retry has ids",
                "`devy-upload gist crm list` shows the ids of items.");
  if (act == "status") return show_crm_status(context);
  if (act == "list") return list_crm(context, arguments);
  if (is_retry) return retry_crm(context, arguments.all("id"));
  if (act == "backfill") return backfill_crm(context, arguments.text("since"));
  return audit_crm(context);
}

}  // namespace

const Command& gist_crm_command() {
  static const Command command{
      .name = "gist crm",
      .summary = "show, repeat or check what the CRM is told of gists",
      .help =
          "status counts the items by state, and says whether the CRM is left alone now. list "
          "shows "
          "them. retry sends refused items again, and makes those anew that a person deleted in "
          "the CRM. backfill has files sent that were found while no CRM was configured. audit "
          "reads all activities of the CRM: sent and missing there, there twice, or foreign, with "
          "a "
          "marker that no item has; differences end with 10.",
      .examples = {"devy-upload gist crm list --state refused",
                   "devy-upload gist crm backfill --since 2026-11-01"},
      .positionals = {{.name = "act",
                       .help = "what to do",
                       .choices = {"status", "list", "retry", "backfill", "audit"}},
                      {.name = "id", .help = "items", .is_optional = true, .is_repeatable = true}},
      .options = {{.name = "state",
                   .value = "S",
                   .help = "items in one state",
                   .choices = {"pending", "sending", "sent", "refused", "gone"}},
                  limit_option(100'000, "at most so many items"),
                  {.name = "since",
                   .value = "D",
                   .help = "files found since that day, or so long ago"}},
      .run = run_gist_crm};
  return command;
}

}  // namespace devy::cli
