#include "cli/commands/queue/overview_text.hpp"

#include "core/platform/base/count_text.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

using Time = std::function<std::string(base::TimePoint)>;

constexpr std::size_t id_digits = 8;
constexpr double low_share = 0.1;  // of GitHub's quota: less is worth a look

// Collects the lines under one label, and says how many were left out.
class Section {
 public:
  Section(std::vector<OverviewLine>& lines, std::string label, std::size_t rows)
      : lines_(lines), label_(std::move(label)), rows_(rows) {}
  void add(const std::string& text, Color color = Color::none) {
    if (count_++ >= rows_) return;
    lines_.push_back({std::exchange(label_, {}), base::safe_text(text), color});
  }
  // `all` is how many there are; `where` lists the others.
  void end(std::int64_t all, const std::string& where) {
    const auto shown = static_cast<std::int64_t>(std::min(count_, rows_));
    if (all > shown)
      lines_.push_back(
          {{}, "… and " + std::to_string(all - shown) + " more: " + where, Color::dim});
  }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(count_); }

 private:
  std::vector<OverviewLine>& lines_;
  std::string label_;
  std::size_t rows_, count_ = 0;
};

std::string operation_text(const Overview& overview, const queue::Noticed& noticed) {
  return noticed.id.substr(0, id_digits) + " " + overview.subject_of(noticed) + " (" +
         noticed.kind + ")";
}

void add_daemons(const Overview& overview, Section section, const Time& time) {
  if (overview.daemons.empty()) {
    const bool is_needed = overview.waiting() > 0;
    section.add(is_needed ? "none: start devy-uploadd, or run `devy-upload poll --once`"
                          : "none has been heard of for a day",
                is_needed ? Color::red : Color::dim);
  }
  for (const auto& daemon : overview.daemons)
    section.add(daemon.name + " " + (daemon.is_lost ? "lost" : daemon.state) + ", " +
                    std::to_string(daemon.busy) + " of " +
                    base::count_text(static_cast<std::size_t>(daemon.workers), "worker") +
                    " busy, seen " + time(daemon.seen_at) + ", version " + daemon.version,
                daemon.is_lost            ? Color::red
                : daemon.state == "ready" ? Color::green
                                          : Color::yellow);
  section.end(section.count(), "devy-upload worker list");
}

void add_queue(const Overview& overview, Section section, const Time& time) {
  auto counts = std::to_string(overview.waiting()) + " waiting, " +
                std::to_string(overview.running) + " running, " +
                std::to_string(overview.held_count()) + " held";
  if (overview.expired_leases > 0)
    counts += ", " + std::to_string(overview.expired_leases) + " with a lease that ran out";
  section.add(counts, overview.expired_leases > 0 ? Color::red : Color::none);
  if (overview.longest_due)
    section.add("longest due: " + operation_text(overview, *overview.longest_due) + ", " +
                    time(overview.longest_due->since),
                overview.has_daemon() ? Color::none : Color::yellow);
  if (overview.completed_last_day + overview.failed_last_day > 0)
    section.add("24 hours: " + std::to_string(overview.completed_last_day) + " completed, " +
                std::to_string(overview.failed_last_day) + " failed");
}

std::string gate_text(const web::ClosedGate& gate, const Time& time) {
  std::string text;
  switch (gate.sort) {
    case web::GateSort::kind: text = "kind " + gate.name; break;
    case web::GateSort::resource: text = gate.name + " (" + gate.what + ")"; break;
    case web::GateSort::owner: text = "owner " + gate.name + ", " + gate.what; break;
    case web::GateSort::api: text = gate.what + " for " + gate.name; break;
  }
  if (gate.not_before) text += ", until " + time(*gate.not_before);
  return gate.reason.empty() ? text : text + ": " + gate.reason;
}

void add_paused(const Overview& overview, Section section, const Time& time) {
  if (overview.whole_pause) section.add(queue::pause_text(*overview.whole_pause), Color::red);
  for (const auto& gate : overview.gates)
    section.add(gate_text(gate, time), Color::yellow);
  if (section.count() == 0) section.add("nothing", Color::dim);
  section.end(section.count(), "devy-upload queue stats");
}

void add_held(const Overview& overview, Section section, const Time& time) {
  for (const auto& noticed : overview.held)
    section.add(operation_text(overview, noticed) + ", " + time(noticed.since), Color::yellow);
  if (section.count() == 0) section.add("nothing", Color::dim);
  else section.end(overview.held_count(), "devy-upload list --kind all --state held");
}

void add_failing(const Overview& overview, Section section, const Time& time) {
  for (const auto& noticed : overview.failing)
    section.add(operation_text(overview, noticed) + ", " + time(noticed.since) + ", " +
                    noticed.error_code.value_or("failed") + ": " +
                    noticed.error_text.value_or("no reason is known"),
                Color::red);
  if (section.count() == 0) section.add("nothing", Color::dim);
  else section.end(section.count(), "devy-upload list --kind all --state failed");
}

void add_deliveries(const Overview& overview, Section section, const Time& time) {
  for (const auto& delivery : overview.deliveries)
    section.add(delivery.guid.substr(0, id_digits) + " " + delivery.event +
                    (delivery.action.empty() ? "" : "." + delivery.action) + " " +
                    delivery.verdict + ", " + time(delivery.received_at) +
                    (delivery.reason.empty() ? "" : ": " + delivery.reason),
                delivery.verdict == "rejected" ? Color::red : Color::none);
  if (section.count() == 0) section.add("none", Color::dim);
}

void add_budgets(const Overview& overview, Section section, const Time& time) {
  for (const auto& budget : overview.budgets)
    section.add(
        budget.credential + " " + std::to_string(budget.remaining) + " of " +
            std::to_string(budget.quota) + " requests left, until " + time(budget.reset_at),
        static_cast<double>(budget.remaining) < low_share * static_cast<double>(budget.quota)
            ? Color::red
            : Color::none);
  if (section.count() == 0) section.add("not asked within this hour", Color::dim);
  section.end(section.count(), "devy-upload status --json");
}

}  // namespace

std::vector<OverviewLine> overview_lines(const Overview& overview, std::size_t rows,
                                         const Time& time) {
  std::vector<OverviewLine> lines;
  add_daemons(overview, Section(lines, "daemons", rows), time);
  add_queue(overview, Section(lines, "queue", rows), time);
  add_paused(overview, Section(lines, "paused", rows), time);
  add_held(overview, Section(lines, "held", rows), time);
  add_failing(overview, Section(lines, "failing", rows), time);
  add_deliveries(overview, Section(lines, "deliveries", rows), time);
  add_budgets(overview, Section(lines, "GitHub", rows), time);
  return lines;
}

}  // namespace devy::cli
