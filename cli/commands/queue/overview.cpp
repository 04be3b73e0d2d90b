#include "cli/commands/queue/overview.hpp"

#include <algorithm>
#include <charconv>

#include "core/platform/base/unless_empty.hpp"
#include "core/platform/queue/statistics.hpp"
#include "core/systems.hpp"

namespace devy::cli {
namespace {

constexpr int deliveries_shown = 5;
constexpr int hours_of_a_day = 24;

// A paused resource has a key that means nothing to people: its newest operation says what it is.
void name_resources(pg::Connection& connection, Overview& overview) {
  std::vector<std::string> resources;
  for (const auto& gate : overview.gates)
    if (gate.sort == web::GateSort::resource) resources.push_back(gate.id);
  const auto newest = queue::newest_of_resources(connection, resources);
  std::vector<std::string> ids;
  for (const auto& [resource, id] : newest)
    ids.push_back(id);
  for (const auto* noticed : {&overview.held, &overview.failing})
    for (const auto& one : *noticed)
      ids.push_back(one.id);
  if (overview.longest_due) ids.push_back(overview.longest_due->id);
  overview.subjects = systems::subjects(connection, ids);
  for (auto& gate : overview.gates) {
    if (gate.sort != web::GateSort::resource) continue;
    queue::ResourceId resource = 0;
    std::from_chars(gate.id.data(), gate.id.data() + gate.id.size(), resource);
    const auto id = newest.find(resource);
    if (id == newest.end()) continue;
    const auto subject = overview.subjects.find(id->second);
    if (subject != overview.subjects.end()) gate.name = subject->second;
  }
}

std::int64_t count_in(const std::vector<queue::StateOfKind>& counts,
                      std::initializer_list<std::string_view> states) {
  std::int64_t count = 0;
  for (const auto& one : counts)
    if (std::ranges::find(states, one.state) != states.end()) count += one.count;
  return count;
}

Json state_json(const queue::StateOfKind& state) {
  return Json::object({{"kind", state.kind}, {"state", state.state}, {"count", state.count}});
}

Json known_daemon_json(const queue::DaemonRow& daemon) {
  return Json::object({{"name", daemon.name},
                       {"version", daemon.version},
                       {"state", daemon.is_lost ? "lost" : daemon.state},
                       {"workers", daemon.workers},
                       {"busy", daemon.busy},
                       {"started_at", daemon.started_at},
                       {"seen_at", daemon.seen_at}});
}

const char* sort_word(web::GateSort sort) {
  switch (sort) {
    case web::GateSort::kind: return "kind";
    case web::GateSort::resource: return "resource";
    case web::GateSort::owner: return "owner";
    case web::GateSort::api: return "api";
  }
  return "";
}

Json gate_json(const web::ClosedGate& gate) {
  return Json::object({{"sort", sort_word(gate.sort)},
                       {"name", gate.name},
                       {"what", gate.what},
                       {"reason", base::unless_empty(gate.reason)},
                       {"until", gate.not_before}});
}

Json received_json(const webhook::Delivery& delivery) {
  return Json::object({{"guid", delivery.guid},
                       {"received_at", delivery.received_at},
                       {"event", delivery.event},
                       {"action", base::unless_empty(delivery.action)},
                       {"verdict", delivery.verdict},
                       {"verdict_reason", base::unless_empty(delivery.reason)}});
}

Json budget_json(const github::LowBudget& budget) {
  return Json::object({{"credential", budget.credential},
                       {"quota", budget.quota},
                       {"remaining", budget.remaining},
                       {"reset_at", budget.reset_at}});
}

}  // namespace

std::int64_t Overview::waiting() const {
  return count_in(open, {"received", "verified"});
}

std::int64_t Overview::held_count() const {
  return std::max(count_in(open, {"held"}), static_cast<std::int64_t>(held.size()));
}

bool Overview::has_daemon() const {
  return std::ranges::any_of(daemons, [](const auto& daemon) { return !daemon.is_lost; });
}

std::string Overview::subject_of(const queue::Noticed& noticed) const {
  const auto found = subjects.find(noticed.id);
  return found == subjects.end() ? noticed.owner : found->second;
}

Overview read_overview(pg::Connection& connection) {
  Overview overview;
  overview.daemons = queue::list_daemons(connection);
  overview.open = queue::count_open_operations(connection);
  const auto health = queue::queue_health(connection);
  overview.running = health.running;
  overview.expired_leases = health.expired_leases;
  overview.longest_due = queue::longest_due(connection);
  if (health.is_paused) overview.whole_pause = queue::pause_of(connection, 0);
  overview.gates = web::read_gates(connection);
  overview.held = queue::newest_held(connection, overview_rows_max);
  overview.failing = queue::newest_failing(connection, overview_rows_max);
  for (const auto& span :
       queue::read_spans(connection, queue::SpanLength::hour, hours_of_a_day, std::nullopt)) {
    overview.completed_last_day += span.completed;
    overview.failed_last_day += span.failed;
  }
  overview.deliveries = webhook::page_of_deliveries(connection, {.limit = deliveries_shown});
  overview.budgets = github::low_budgets(connection, 1.0);
  name_resources(connection, overview);
  return overview;
}

Json overview_json(const Overview& overview) {
  const auto noticed_json = [&](const queue::Noticed& noticed) {
    return Json::object({{"id", noticed.id},
                         {"kind", noticed.kind},
                         {"subject", overview.subject_of(noticed)},
                         {"since", noticed.since},
                         {"error_code", noticed.error_code},
                         {"error_text", noticed.error_text}});
  };
  return Json::object(
      {{"daemons", json_array(overview.daemons, known_daemon_json)},
       {"waiting", overview.waiting()},
       {"running", overview.running},
       {"expired_leases", overview.expired_leases},
       {"operations", json_array(overview.open, state_json)},
       {"oldest_waiting", overview.longest_due ? noticed_json(*overview.longest_due) : Json()},
       {"pause", queue::pause_json(overview.whole_pause)},
       {"paused", json_array(overview.gates, gate_json)},
       {"held", json_array(overview.held, noticed_json)},
       {"failing", json_array(overview.failing, noticed_json)},
       {"last_day", Json::object({{"completed", overview.completed_last_day},
                                  {"failed", overview.failed_last_day}})},
       {"deliveries", json_array(overview.deliveries, received_json)},
       {"api_budgets", json_array(overview.budgets, budget_json)}});
}

}  // namespace devy::cli
