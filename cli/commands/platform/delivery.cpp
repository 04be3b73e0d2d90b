#include "core/platform/base/unless_empty.hpp"
#include "core/platform/webhook/delivery_store.hpp"

#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/webhook/body_budget.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/systems.hpp"

// `delivery list`, `delivery show`, `delivery replay`: webhook requests as they were received.

namespace devy::cli {
namespace {

using base::unless_empty;

// A delivery, what its repository is to a system, and the operation that it brought.
struct Shown {
  webhook::Delivery delivery;
  std::optional<std::string> subject;
  std::optional<base::OperationId> operation;
};

std::vector<Shown> shown(pg::Connection& connection, std::vector<webhook::Delivery> deliveries) {
  std::vector<std::int64_t> repositories;
  std::vector<std::string> guids;
  for (const auto& delivery : deliveries) {
    guids.push_back(delivery.guid);
    if (delivery.github_id) repositories.push_back(*delivery.github_id);
  }
  std::map<std::int64_t, std::string> subjects;
  std::vector<Shown> all;
  for (auto& delivery : deliveries)
    all.push_back({std::move(delivery), std::nullopt, std::nullopt});
  for (const auto* subscriber : systems::subscribers()) {
    subjects.merge(subscriber->subjects(connection, repositories));
    const auto operations = subscriber->find_recorded(connection, guids);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!all[i].operation && !operations[i].empty()) all[i].operation = operations[i].front();
  }
  for (auto& one : all)
    if (one.delivery.github_id)
      if (const auto found = subjects.find(*one.delivery.github_id); found != subjects.end())
        one.subject = found->second;
  return all;
}

Json delivery_json(const Shown& shown) {
  const auto& delivery = shown.delivery;
  return Json::object({{"guid", delivery.guid},
                       {"received_at", delivery.received_at},
                       {"event", delivery.event},
                       {"action", unless_empty(delivery.action)},
                       {"verdict", delivery.verdict},
                       {"verdict_reason", unless_empty(delivery.reason)},
                       {"github_id", delivery.github_id},
                       {"blog", shown.subject},
                       {"upload", shown.operation},
                       {"sender", unless_empty(delivery.sender)},
                       {"headers", Json::stored(delivery.headers_json)},
                       {"body_bytes", delivery.body_bytes},
                       {"body_omitted", unless_empty(delivery.body_omitted)}});
}

Color color_of(const std::string& verdict) {
  if (verdict == "accepted") return Color::green;
  if (verdict == "rejected") return Color::red;
  return Color::none;
}

int list_deliveries(Context& context, const Arguments& arguments) {
  webhook::DeliveryFilter filter;
  filter.event = arguments.text("event");
  filter.verdict = arguments.text("verdict");
  if (const auto blog = arguments.text("blog"))
    // A blog whose repository nobody has named by GitHub's id has no deliveries.
    filter.github_id = publishing::find_blog(context.database(), *blog).github_id.value_or(0);
  filter.since = time_since(arguments, "since", context.now());
  filter.until = time_since(arguments, "until", context.now());
  filter.limit = static_cast<int>(arguments.number("limit").value_or(50));
  const auto deliveries =
      shown(context.database(), webhook::list_deliveries(context.database(), filter));
  if (context.is_json()) {
    print_json(context.out(), json_array(deliveries, delivery_json));
    return exit_ok;
  }
  Table table({{"GUID"},
               {"RECEIVED"},
               {"EVENT"},
               {.title = "BLOG", .is_elastic = true},
               {"VERDICT"},
               {.title = "REASON", .is_elastic = true},
               {"UPLOAD"}});
  for (const auto& [delivery, subject, operation] : deliveries) {
    const auto event =
        delivery.action.empty() ? delivery.event : delivery.event + "." + delivery.action;
    table.add({short_id(delivery.guid), context.time_text(delivery.received_at), event,
               subject.value_or("-"), Cell(delivery.verdict, color_of(delivery.verdict)),
               delivery.reason.empty() ? "-" : delivery.reason,
               operation ? short_id(operation->text()) : "-"});
  }
  if (table.empty()) context.say("no deliveries");
  else table.print(context.terminal());
  return exit_ok;
}

void print_delivery(Context& context, const Shown& shown) {
  const auto& delivery = shown.delivery;
  auto& out = context.out();
  const auto line = [&](const char* label, const std::string& text) {
    if (!text.empty()) out << label << base::safe_text(text) << '\n';
  };
  line("guid       ", delivery.guid);
  line("received   ", context.time_text(delivery.received_at));
  line("event      ", delivery.event);
  line("action     ", delivery.action);
  line("verdict    ", delivery.verdict);
  line("reason     ", delivery.reason);
  if (delivery.github_id) line("repository ", std::to_string(*delivery.github_id));
  line("blog       ", shown.subject.value_or(""));
  if (shown.operation) line("upload     ", shown.operation->text());
  line("sender     ", delivery.sender);
  for (const auto& [name, value] : webhook::headers_of(delivery))
    line("header     ", std::string(name).append(": ").append(value));
  auto body = std::to_string(delivery.body_bytes) + " bytes";
  if (!delivery.body_omitted.empty())
    body += ", not kept: " + webhook::explain_omission(delivery.body_omitted);
  else if (delivery.body_bytes == 0) body = "pruned";
  line("body       ", body);
}

int show_delivery(Context& context, const Arguments& arguments) {
  const auto delivery = webhook::find_delivery(context.database(), arguments.required("guid"));
  if (arguments.has("body")) {
    const auto body = webhook::load_delivery_body(context.database(), delivery.guid);
    // A file or a program gets the body as it came; a terminal gets no control characters.
    if (context.terminal().is_out_tty) context.out() << base::safe_text(body, body.size()) << '\n';
    else context.out() << body;
    return exit_ok;
  }
  const auto all = shown(context.database(), {delivery});
  if (context.is_json()) print_json(context.out(), delivery_json(all.front()));
  else print_delivery(context, all.front());
  return exit_ok;
}

// Says what a replay would do; a refusal is the error that the replay would end with.
int say_replay(Context& context, const webhook::Delivery& delivery) {
  auto& connection = context.database();
  const auto subscribers = systems::subscribers();
  if (const auto obstacle = webhook::replay_obstacle(connection, subscribers, delivery.guid))
    throw would_be_refused(*obstacle);
  const auto operations = webhook::operations_of(connection, subscribers, delivery.guid);
  const auto operation = operations.empty() ? std::nullopt : std::optional(operations.front());
  if (context.is_json()) {
    print_json(
        context.out(),
        Json::object({{"guid", delivery.guid}, {"result", "would replay"}, {"upload", operation}}));
    return exit_ok;
  }
  context.would("replay " + delivery.guid + ", a " + base::safe_text(delivery.event) +
                (operation ? ": upload " + operation->text() : ""));
  return exit_ok;
}

int replay_delivery(Context& context, const Arguments& arguments) {
  const auto delivery = webhook::find_delivery(context.database(), arguments.required("guid"));
  if (context.is_dry_run()) return say_replay(context, delivery);
  const auto note = [&] {
    web::record_act(context.database(), {.actor = context.who(),
                                         .act = "delivery.replay",
                                         .target = delivery.guid,
                                         .reason = arguments.text("reason")});
  };
  const auto replayed = webhook::replay_delivery(
      context.database(), context.config(), systems::subscribers(), delivery.guid, context.who(),
      arguments.text("reason").value_or(""), note);
  const auto operation =
      replayed.operations.empty() ? std::nullopt : std::optional(replayed.operations.front());
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"guid", delivery.guid},
                                            {"verdict", replayed.verdict},
                                            {"verdict_reason", unless_empty(replayed.reason)},
                                            {"upload", operation}}));
    return exit_ok;
  }
  context.say(delivery.guid + ": " + replayed.verdict +
              (replayed.reason.empty() ? "" : ", " + base::safe_text(replayed.reason)) +
              (operation ? ", upload " + operation->text() : ""));
  return exit_ok;
}

Positional guid_positional() {
  return {.name = "guid",
          .help = "GUID of a delivery, or a prefix of one",
          .kind = ValueKind::delivery};
}

}  // namespace

const Command& delivery_list_command() {
  static const Command command{
      .name = "delivery list",
      .summary = "list webhook deliveries, newest first",
      .help = "Rightly signed ones alone are kept; what was refused is in the log and the metrics.",
      .examples = {"devy-upload delivery list --event push --verdict ignored --since 1d"},
      .options =
          {{.name = "event", .value = "E", .help = "only this event"},
           {.name = "verdict",
            .value = "V",
            .help = "only this verdict",
            .choices = {"accepted", "ignored", "rejected"}},
           {.name = "blog", .value = "B", .help = "only of this blog", .kind = ValueKind::blog},
           since_option(),
           until_option(),
           limit_option(10'000)},
      .name_field = "guid",
      .is_paged = true,
      .run = list_deliveries};
  return command;
}

const Command& delivery_show_command() {
  static const Command command{
      .name = "delivery show",
      .summary = "show a delivery: headers, verdict, upload",
      .examples = {"devy-upload delivery show 1a2b3c4d --body | jq .ref"},
      .positionals = {guid_positional()},
      .options = {{.name = "body", .help = "its body as it came, and nothing else"}},
      .run = show_delivery};
  return command;
}

const Command& delivery_replay_command() {
  static const Command command{
      .name = "delivery replay",
      .summary = "do again what a delivery asked for",
      .help =
          "Its upload is replayed. One that made none is taken in as if it came now: after a "
          "blog was connected too late, say.",
      .positionals = {guid_positional()},
      .options = {reason_option()},
      .run = replay_delivery};
  return command;
}

}  // namespace devy::cli
