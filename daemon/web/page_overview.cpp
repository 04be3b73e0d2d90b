#include "daemon/web/page_overview.hpp"

#include "core/platform/base/secret.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/chart.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/publishing_page_overview.hpp"
#include "daemon/web/queue_snapshot.hpp"
#include "html_names/overview.hpp"
#include "html_names/part_chart.hpp"
#include "html_names/part_overview_now.hpp"

namespace devy::daemon {
namespace {

namespace overview_names = html::overview;
namespace part_overview_now_names = html::part_overview_now;

constexpr int overview_poll_seconds = 5;
constexpr std::size_t running_shown = 10, attention_shown = 8;

std::string subject_in(const QueueSnapshot& snapshot, const std::string& id,
                       const std::string& otherwise) {
  const auto found = snapshot.subjects.find(id);
  return found == snapshot.subjects.end() ? otherwise : found->second;
}

// ---- what needs somebody

struct Need {
  std::string_view state;  // as the table of marks has it
  std::string words, title, text;
  html::Url url;
  std::string act;
};

std::vector<Need> needs_of(const QueueSnapshot& snapshot) {
  std::vector<Need> needs;
  const auto link = [](std::vector<html::QueryField> query) {
    return html::own_url({"operations"}, query);
  };
  if (snapshot.health.is_paused)
    needs.push_back({"paused", "paused", "The queue is paused",
                     "Nothing begins until somebody resumes it.", link({{"state", "waiting"}}),
                     "Look"});
  bool has_daemon = false;
  for (const auto& daemon : snapshot.daemons)
    has_daemon |= !daemon.is_lost;
  if (!has_daemon)
    needs.push_back({"lost", "no daemon", "No daemon works on this database",
                     "Start devy-uploadd, or run devy-upload poll.", link({{"state", "waiting"}}),
                     "Look"});
  std::size_t shown = 0;
  for (const auto& line : snapshot.attention.lines) {
    if (++shown > attention_shown) break;
    needs.push_back(
        {line.state, line.state, subject_in(snapshot, line.id, line.resource_kind + " " + line.key),
         base::redact(line.error_text.value_or("A guard holds it.")),
         html::own_url({"operations", line.id}), line.state == "held" ? "Decide" : "Look"});
  }
  return needs;
}

void fill_needs(html::Fill& fill, const std::vector<Need>& needs) {
  if (needs.empty()) return;
  auto& section = fill.add(overview_names::needs);
  for (const auto& need : needs) {
    auto& item = section.add(overview_names::need);
    item.set(overview_names::need_mark, html::mark_of(need.state));
    item.set(overview_names::need_state, need.words);
    item.set_url(overview_names::need_url, need.url);
    item.set(overview_names::need_title, need.title);
    html::Sentence(item, overview_names::need_text).text(need.text);
    item.set_url(overview_names::act_url, need.url);
    item.set(overview_names::act_words, need.act);
  }
}

// ---- the figures

void add_figure(html::Fill& fill, std::string_view name, const std::string& figure,
                std::string_view context) {
  auto& shown = fill.add(part_overview_now_names::figure);
  shown.set(part_overview_now_names::figure_name, name);
  shown.set(part_overview_now_names::figure_text, figure);
  shown.set(part_overview_now_names::figure_context, context);
}

void fill_figures(html::Fill& fill, const QueueSnapshot& snapshot) {
  std::int64_t completed = 0, failed = 0;
  queue::Histogram waits{};
  for (const auto& span : snapshot.hour) {
    completed += span.completed;
    failed += span.failed;
    for (std::size_t n = 0; n < waits.size(); ++n)
      waits[n] += span.wait[n];
  }
  const auto quantile = [&](double share) {
    const auto ms = queue::quantile_ms(waits, share);
    return ms ? html::duration_text(
                    std::chrono::microseconds(static_cast<std::int64_t>(*ms * 1000)))
              : std::string(html::none_text);
  };
  const auto waiting = snapshot.count("verified") + snapshot.count("received");
  add_figure(fill, "Waiting", html::number_text(waiting),
             snapshot.health.oldest_waiting_seconds > 0
                 ? "oldest due for " +
                       html::duration_text(std::chrono::microseconds(
                           static_cast<std::int64_t>(snapshot.health.oldest_waiting_seconds * 1e6)))
                 : std::string("none is late"));
  add_figure(
      fill, "Running", html::number_text(snapshot.health.running),
      snapshot.health.expired_leases > 0 ? "some without their worker" : "all with a worker");
  add_figure(fill, "Held", html::number_text(snapshot.count("held")), "wait for a person");
  add_figure(fill, "Completed", html::number_text(completed), "in the last hour");
  add_figure(fill, "Failed", html::number_text(failed), "in the last hour");
  add_figure(fill, "Trigger to end", quantile(0.5), "half; 99 % within " + quantile(0.99));
}

void fill_running(html::Fill& fill, const QueueSnapshot& snapshot) {
  if (snapshot.leases.empty()) {
    fill.show(part_overview_now_names::idle);
    return;
  }
  auto& running = fill.add(part_overview_now_names::running);
  running.set_url(part_overview_now_names::running_url,
                  html::own_url({"operations"}, {{"state", "running"}}));
  running.set(part_overview_now_names::running_words,
              "All " + html::number_text(static_cast<std::int64_t>(snapshot.leases.size())));
  std::size_t shown = 0;
  for (const auto& lease : snapshot.leases) {
    if (++shown > running_shown) break;
    auto& run = running.add(part_overview_now_names::run);
    run.set_url(part_overview_now_names::operation_url,
                html::own_url({"operations", lease.operation}));
    run.set(part_overview_now_names::target, subject_in(snapshot, lease.operation, lease.kind));
    run.set(part_overview_now_names::step, lease.step.value_or(std::string(html::none_text)));
    run.set(part_overview_now_names::for_text, html::duration_text(snapshot.read_at - lease.since));
    run.set(part_overview_now_names::worker, lease.worker);
  }
}

// "host+boot/pid.start" → "host, process pid": the whole name is for logs.
std::string machine_and_process(const std::string& name) {
  const auto plus = name.find('+'), slash = name.find('/');
  if (plus == std::string::npos || slash == std::string::npos || slash < plus) return name;
  return name.substr(0, plus) + ", process " +
         name.substr(slash + 1, name.find('.', slash) - slash - 1);
}

void fill_daemons(html::Fill& fill, const QueueSnapshot& snapshot) {
  for (const auto& daemon : snapshot.daemons) {
    auto& row = fill.add(part_overview_now_names::daemon);
    row.set(part_overview_now_names::daemon_name, machine_and_process(daemon.name));
    html::set_state(row, {part_overview_now_names::state_mark, part_overview_now_names::state},
                    daemon.is_lost ? "lost" : daemon.state);
    row.set(part_overview_now_names::daemon_version, daemon.version);
    row.set(part_overview_now_names::busy,
            std::to_string(daemon.busy) + " of " + std::to_string(daemon.workers));
    row.set(part_overview_now_names::up, html::duration_text(snapshot.read_at - daemon.started_at));
    html::set_age(row, {part_overview_now_names::seen_utc, part_overview_now_names::seen},
                  daemon.seen_at, snapshot.read_at);
  }
}

void fill_throughput(html::Fill& fill, const QueueSnapshot& snapshot) {
  html::Chart chart;
  chart.kind = html::ChartKind::bar;
  chart.id = "throughput";
  chart.title = "Ended in the last hour";
  chart.summary = "Operations that completed and that failed, by the minute.";
  chart.label_head = "Minute";
  chart.series = {{"completed", {}}, {"failed", {}}};
  for (const auto& span : snapshot.hour) {
    chart.labels.push_back(html::clock_text(span.begins_at, snapshot.read_at).substr(0, 5));
    chart.series[0].values.push_back(static_cast<double>(span.completed));
    chart.series[1].values.push_back(static_cast<double>(span.failed));
  }
  html::fill_chart(
      fill.include(part_overview_now_names::throughput, html::part_chart::template_file), chart);
}

void fill_now(html::Fill& fill, const QueueSnapshot& snapshot) {
  fill_figures(fill, snapshot);
  fill_running(fill, snapshot);
  fill_throughput(fill, snapshot);
  fill_daemons(fill, snapshot);
  fill.set_url(part_overview_now_names::workers_url, html::own_url({"workers"}));
}

void make_live(html::Fill& fill, const Visit& visit, const std::string& digest) {
  auto& live = fill.add(part_overview_now_names::live);
  live.set_url(part_overview_now_names::part_url, html::own_url({}, {{"seen", digest}}));
  live.set(part_overview_now_names::poll_seconds,
           std::int64_t{overview_poll_seconds} * visit.poll_factor);
}

http::Response show_to_operator(Visit& visit) {
  const auto snapshot = visit.queue.get(visit.connection);
  html::Fill said;
  fill_now(said, *snapshot);
  const auto digest = live_digest(part_overview_now_names::template_file, said);
  if (visit.wants_part()) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    make_live(said, visit, digest);
    return part_response(part_overview_now_names::template_file, said);
  }
  const auto needs = needs_of(*snapshot);
  Frame frame(visit, {.title = "Overview", .path = "/"});
  auto& fill = frame.content(overview_names::template_file);
  fill.set(overview_names::overview_title,
           needs.empty() ? std::string("Nothing needs you")
                         : std::to_string(needs.size()) +
                               (needs.size() == 1 ? " thing needs you" : " things need you"));
  html::Sentence(fill, overview_names::overview_text)
      .text(snapshot->health.takes_writes ? "The database answers and takes writes."
                                          : "The database takes no writes.");
  fill_needs(fill, needs);
  auto& shown = fill.include(overview_names::now, part_overview_now_names::template_file);
  fill_now(shown, *snapshot);
  make_live(shown, visit, digest);
  return frame.response();
}

}  // namespace

http::Response show_overview(Visit& visit) {
  return visit.is_operator() ? show_to_operator(visit) : show_users_overview(visit);
}

}  // namespace devy::daemon
