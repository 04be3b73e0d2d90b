#include "daemon/admin/health.hpp"

#include "core/platform/base/metrics_text.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/json/json.hpp"
#include "core/systems.hpp"

namespace devy::daemon {
namespace {

// "exits.crashed" → a sample labelled crashed, for every such number.
void write_labelled(base::MetricsText& text, const Report& numbers, std::string_view prefix,
                    std::string_view label, double scale = 1, std::string_view suffix = {}) {
  for (const auto& [key, value] : numbers.fields)
    if (key.starts_with(prefix))
      text.sample(static_cast<double>(numbers.number(key)) * scale,
                  {{label, key.substr(prefix.size())}}, suffix);
}

void write_queue(base::MetricsText& text, const Health& health) {
  text.family("devy_db_up", "gauge", "Whether the database answers and takes writes.");
  text.sample(health.queue && health.queue->takes_writes ? 1 : 0);
  if (!health.queue) return;
  text.family("devy_operations", "gauge",
              "Operations that have not ended, by kind and state; of more than 100 that "
              "wait, as counted in the last minute.");
  for (const auto& [kind, state, count] : health.open_operations)
    text.sample(static_cast<double>(count), {{"kind", kind}, {"state", state}});
  text.family("devy_operations_runnable", "gauge",
              "Operations that could begin now, among the first 100 that are due.");
  text.sample(static_cast<double>(health.queue->waiting));
  text.family("devy_operation_oldest_pending_seconds", "gauge", "Since the first of them was due.");
  text.sample(health.queue->oldest_waiting_seconds);
  text.family("devy_leases_expired", "gauge", "Leases that ran out and were not rescued yet.");
  text.sample(static_cast<double>(health.queue->expired_leases));
  text.family("devy_queue_paused", "gauge", "Whether an operator has paused the whole queue.");
  text.sample(health.queue->is_paused ? 1 : 0);
  text.family(
      "devy_prune_behind_seconds", "gauge",
      "Since the last whole pass over them began: for so long at most, rows have been too old.");
  for (const auto& [rows, seconds] : health.prune_behind)
    text.sample(seconds, {{"rows", rows}});
}

void write_finished(base::MetricsText& text, const Health& health) {
  text.family("devy_operations_finished_total", "counter",
              "Operations that ended since this process began, in the whole database.");
  for (const auto& [key, count] : health.finished)
    text.sample(count, {{"kind", key.first}, {"result", key.second}});
}

void write_processes(base::MetricsText& text, const Report& numbers) {
  text.family("devy_workers", "gauge", "Worker processes of this daemon.");
  text.sample(static_cast<double>(numbers.number("workers_busy")), {{"busy", "true"}});
  text.sample(static_cast<double>(numbers.number("workers_idle")), {{"busy", "false"}});
  text.family("devy_worker_exits_total", "counter", "Worker processes that ended, by cause.");
  write_labelled(text, numbers, "exits.", "cause");
  text.family("devy_operation_attempts_total", "counter",
              "Attempts of this daemon's workers, by the state they left the operation in.");
  write_labelled(text, numbers, "attempts.", "outcome");
  text.family("devy_operation_step_duration_seconds", "summary",
              "Time its workers spent in a step.");
  write_labelled(text, numbers, "step_ms.", "step", 1e-3, "_sum");
  write_labelled(text, numbers, "steps.", "step", 1, "_count");
  text.family("devy_git_received_bytes_total", "counter", "Bytes of packs its workers fetched.");
  text.sample(static_cast<double>(numbers.number("git_received_bytes")));
  text.family("devy_git_fetch_errors_total", "counter", "Fetches that failed, by error code.");
  write_labelled(text, numbers, "fetch_errors.", "code");
  text.family("devy_render_rejected_total", "counter", "Files that became errors, by reason.");
  write_labelled(text, numbers, "rejected.", "reason");
  text.family("devy_db_retries_total", "counter",
              "What it did again because of the database, by class of SQLSTATE.");
  write_labelled(text, numbers, "database_retries.", "sqlstate_class");
  text.family("devy_orphans_removed_total", "counter", "Clones of killed workers, swept.");
  text.sample(static_cast<double>(numbers.number("orphans")));
  text.family("devy_leases_expired_total", "counter", "Operations rescued from lost workers.");
  text.sample(static_cast<double>(numbers.number("rescued")));
  text.family("devy_fenced_writes_total", "counter", "Attempts whose lease another one has now.");
  text.sample(static_cast<double>(numbers.number("fenced")));
  text.family("devy_config_reload_successful", "gauge", "Whether the last reload was taken.");
  text.sample(static_cast<double>(numbers.number("is_reload_successful")));
}

// Writes what the maintenance tasks and the operations of this daemon counted.
void write_counts(base::MetricsText& text, const Report& numbers) {
  constexpr std::string_view prefix = "counts.";
  queue::MaintenanceCounts counts;
  for (const auto& [key, value] : numbers.fields)
    if (key.starts_with(prefix)) counts[key.substr(prefix.size())] = numbers.number(key);
  // The role web counts for itself.
  constexpr std::string_view web_files = "web.files.";
  for (const auto& [key, value] : numbers.fields)
    if (key.starts_with(std::string(web_files) + "s3_requests."))
      counts[key.substr(web_files.size())] += numbers.number(key);
  for (const auto& system : systems::table())
    if (system.make_metrics != nullptr) system.make_metrics()->write_counts(text, counts);
  text.family("devy_github_requests_total", "counter",
              "Requests that this daemon sent to GitHub's API, by purpose and status.");
  for (const auto& [key, count] : counts) {
    constexpr std::string_view requests = "github_requests.";
    const auto dot = key.rfind('.');
    if (!key.starts_with(requests) || dot < requests.size()) continue;
    text.sample(static_cast<double>(count),
                {{"purpose", key.substr(requests.size(), dot - requests.size())},
                 {"status", key.substr(dot + 1)}});
  }
  text.family("devy_deliveries_missed_total", "counter",
              "Deliveries GitHub tried and nobody took.");
  text.sample(static_cast<double>(counts["lost"]));
  text.family("devy_pruned_rows_total", "counter", "Old rows that this daemon deleted.");
  text.sample(static_cast<double>(counts["pruned"]));
}

void write_listener(base::MetricsText& text, const Report& numbers) {
  text.family("devy_webhook_deliveries_total", "counter", "Deliveries, by event and verdict.");
  for (const auto& [key, value] : numbers.fields) {
    constexpr std::string_view prefix = "listener.deliveries.";
    if (!key.starts_with(prefix)) continue;
    const auto dot = key.rfind('.');
    if (dot <= prefix.size()) continue;
    text.sample(static_cast<double>(numbers.number(key)),
                {{"event", key.substr(prefix.size(), dot - prefix.size())},
                 {"verdict", key.substr(dot + 1)}});
  }
  text.family("devy_webhook_duration_seconds", "summary", "From a whole request to its answer.");
  text.sample(static_cast<double>(numbers.number("listener.duration_us")) * 1e-6, {}, "_sum");
  text.sample(static_cast<double>(numbers.number("listener.requests")), {}, "_count");
  text.family("devy_webhook_inflight", "gauge", "Requests that have a thread or wait for one.");
  text.sample(static_cast<double>(numbers.number("listener.in_flight")));
  text.family("devy_webhook_refused_total", "counter", "Requests refused unread, by reason.");
  write_labelled(text, numbers, "listener.refused.", "reason");
  if (numbers.fields.contains("listener.ranges_age_seconds")) {
    text.family("devy_ip_allowlist_age_seconds", "gauge",
                "Since GitHub last said which addresses it sends from.");
    text.sample(static_cast<double>(numbers.number("listener.ranges_age_seconds")));
  }
  text.family("devy_last_delivery_timestamp_seconds", "gauge", "When the last one was accepted.");
  text.sample(static_cast<double>(numbers.number("listener.last_delivery_seconds")));
}

// "web.files.uploads.json.ok": what the role web counted of uploads.
void write_file_counts(base::MetricsText& text, const Report& numbers) {
  constexpr std::string_view uploads = "web.files.uploads.";
  text.family("devy_file_uploads_total", "counter", "Uploads of files, by protocol and result.");
  for (const auto& [key, value] : numbers.fields) {
    if (!key.starts_with(uploads)) continue;
    const auto dot = key.find('.', uploads.size());
    text.sample(static_cast<double>(numbers.number(key)),
                {{"protocol", key.substr(uploads.size(), dot - uploads.size())},
                 {"result", key.substr(dot + 1)}});
  }
  text.family("devy_file_received_bytes_total", "counter", "Bytes of the bodies of uploads.");
  text.sample(static_cast<double>(numbers.number("web.files.received_bytes")));
  text.family("devy_file_streams", "gauge", "Uploads that are being received.");
  text.sample(static_cast<double>(numbers.number("web.files.streams")));
  text.family("devy_file_tokens_total", "counter",
              "Tokens that were sent, by what became of them.");
  write_labelled(text, numbers, "web.files.tokens.", "result");
  text.family("devy_file_identity_total", "counter",
              "Requests about files, by how it was known who sent them, or why not.");
  write_labelled(text, numbers, "web.files.identities.", "result");
  text.family("devy_file_conflicts_total", "counter",
              "Parts of uploads that were refused for where they came, by kind.");
  write_labelled(text, numbers, "web.files.conflicts.", "kind");
}

// "web.requests.2xx./operations": what pages were asked for.
void write_pages(base::MetricsText& text, const Report& numbers) {
  constexpr std::string_view requests = "web.requests.", durations = "web.duration_us.";
  std::map<std::string, double> answered;
  text.family("devy_web_requests_total", "counter", "Requests for pages, by route and status.");
  for (const auto& [key, value] : numbers.fields) {
    if (!key.starts_with(requests)) continue;
    const auto rest = key.substr(requests.size());
    const auto dot = rest.find('.');
    if (dot == std::string::npos) continue;
    text.sample(static_cast<double>(numbers.number(key)),
                {{"route", rest.substr(dot + 1)}, {"class", rest.substr(0, dot)}});
    answered[rest.substr(dot + 1)] += static_cast<double>(numbers.number(key));
  }
  text.family("devy_web_duration_seconds", "summary", "From a whole request to its answer.");
  write_labelled(text, numbers, durations, "route", 1e-6, "_sum");
  for (const auto& [route, count] : answered)
    text.sample(count, {{"route", route}}, "_count");
  text.family("devy_web_logins_total", "counter", "Logins, by result.");
  write_labelled(text, numbers, "web.logins.", "result");
  text.family("devy_web_polls_total", "counter", "Polls of live parts, by result.");
  write_labelled(text, numbers, "web.polls.", "result");
  text.family("devy_web_refused_total", "counter", "Requests refused, by reason.");
  write_labelled(text, numbers, "web.refused.", "reason");
  if (numbers.fields.contains("web.sessions")) {
    text.family("devy_web_sessions", "gauge", "Browsers that are logged in.");
    text.sample(static_cast<double>(numbers.number("web.sessions")));
  }
}

}  // namespace

void Health::add(const std::vector<queue::StateOfKind>& ended) {
  for (const auto& [kind, state, count] : ended)
    finished[{kind, state}] += static_cast<double>(count);
}

std::vector<std::string> reasons_not_ready(const Health& health) {
  std::vector<std::string> reasons;
  if (!health.queue) reasons.push_back("database: " + base::redact(health.database_trouble));
  else if (!health.queue->takes_writes) reasons.emplace_back("database: it takes no writes");
  if (health.scratch_free_bytes < health.scratch_free_bytes_min)
    reasons.push_back("runtime_directory: less than " +
                      std::to_string(health.scratch_free_bytes_min / config::mebibyte) +
                      " MiB are free");
  if (!health.numbers) reasons.emplace_back("supervisor: it has not said anything yet");
  else if (health.numbers->number("is_draining") == 1) reasons.emplace_back("draining");
  else if (health.numbers->number("is_ready") != 1)
    reasons.emplace_back("processes: not all of them are ready");
  return reasons;
}

std::string readiness_json(const std::vector<std::string>& reasons) {
  return json::Json::object({{"ready", reasons.empty()}, {"reasons", reasons}}).compact() + "\n";
}

std::string metrics(const Health& health, std::string_view version) {
  base::MetricsText text;
  text.family("devy_build_info", "gauge", "What runs.");
  text.sample(1, {{"version", std::string(version)}});
  write_queue(text, health);
  write_finished(text, health);
  text.append(health.system_metrics);
  text.family("devy_scratch_free_bytes", "gauge", "Free where clones are kept.");
  text.sample(static_cast<double>(health.scratch_free_bytes));
  if (health.numbers) {
    write_processes(text, *health.numbers);
    write_counts(text, *health.numbers);
    write_listener(text, *health.numbers);
    write_pages(text, *health.numbers);
    write_file_counts(text, *health.numbers);
  }
  return text.text();
}

}  // namespace devy::daemon
