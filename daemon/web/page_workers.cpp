#include "daemon/web/page_workers.hpp"

#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/queue_snapshot.hpp"
#include "html_names/part_workers.hpp"
#include "html_names/workers.hpp"

namespace devy::daemon {
namespace {

namespace workers_names = html::workers;
namespace part_workers_names = html::part_workers;

constexpr int workers_poll_seconds = 5;

// A worker's name begins with that of its daemon's machine and boot: "host+boot/pid.start/n".
bool is_of(const queue::DaemonRow& daemon, const queue::LeaseRow& lease) {
  const auto machine = daemon.name.substr(0, daemon.name.find('/'));
  return lease.worker.starts_with(machine + "/");
}

void fill_worker(html::Fill& row, const QueueSnapshot& snapshot, const queue::LeaseRow& lease) {
  row.set(part_workers_names::worker_name, lease.worker);
  row.set(part_workers_names::lane, lease.kind);
  html::Sentence task(row, part_workers_names::worker_task);
  const auto subject = snapshot.subjects.find(lease.operation);
  task.link(html::own_url({"operations", lease.operation}),
            subject == snapshot.subjects.end() ? lease.kind : subject->second);
  if (lease.is_expired) task.text(" ").state("lost");
  row.set(part_workers_names::step, lease.step.value_or(std::string(html::none_text)));
  row.set(part_workers_names::for_text, html::duration_text(snapshot.read_at - lease.since));
}

void fill_workers(html::Fill& fill, const QueueSnapshot& snapshot) {
  if (snapshot.daemons.empty())
    fill.add(part_workers_names::empty)
        .set(part_workers_names::empty_text,
             "No daemon works on this database. Start devy-uploadd, or run devy-upload poll.");
  int number = 0;
  for (const auto& daemon : snapshot.daemons) {
    auto& row = fill.add(part_workers_names::daemon);
    row.set(part_workers_names::daemon_id, "d" + std::to_string(++number));
    row.set(part_workers_names::daemon_name, daemon.name);
    html::set_state(row, {part_workers_names::state_mark, part_workers_names::state},
                    daemon.is_lost ? "lost" : daemon.state);
    html::Sentence(row, part_workers_names::daemon_text)
        .text("version " + daemon.version + ", " + std::to_string(daemon.busy) + " of " +
              std::to_string(daemon.workers) + " workers busy, up " +
              html::duration_text(snapshot.read_at - daemon.started_at));
    for (const auto& lease : snapshot.leases)
      if (is_of(daemon, lease)) fill_worker(row.add(part_workers_names::worker), snapshot, lease);
  }
}

}  // namespace

http::Response show_workers(Visit& visit) {
  const auto snapshot = visit.queue.get(visit.connection);
  html::Fill said;
  fill_workers(said, *snapshot);
  const auto digest = live_digest(part_workers_names::template_file, said);
  const auto go_on = [&](html::Fill& fill) {
    auto& live = fill.add(part_workers_names::live);
    live.set_url(part_workers_names::part_url, html::own_url({"workers"}, {{"seen", digest}}));
    live.set(part_workers_names::poll_seconds,
             std::int64_t{workers_poll_seconds} * visit.poll_factor);
  };
  if (visit.wants_part()) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    go_on(said);
    return part_response(part_workers_names::template_file, said);
  }
  Frame frame(visit, {.title = "Workers", .path = "/workers"});
  auto& content = frame.content(workers_names::template_file);
  std::int64_t workers = 0, busy = 0;
  for (const auto& daemon : snapshot->daemons) {
    workers += daemon.workers;
    busy += daemon.busy;
  }
  html::Sentence(content, workers_names::workers_text)
      .text(std::to_string(snapshot->daemons.size()) +
            (snapshot->daemons.size() == 1 ? " daemon, " : " daemons, ") + std::to_string(busy) +
            " of " + std::to_string(workers) + " workers busy.");
  auto& list = content.include(workers_names::list, part_workers_names::template_file);
  fill_workers(list, *snapshot);
  go_on(list);
  return frame.response();
}

}  // namespace devy::daemon
