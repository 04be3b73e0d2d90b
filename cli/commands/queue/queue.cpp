#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/commands/queue/audited.hpp"
#include "cli/commands/queue/wait_histogram.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/moment.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/queue/stats.hpp"
#include "core/platform/web/pause_target.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/status_store.hpp"
#include "core/systems.hpp"

// `queue stats`, `queue pause`, `queue resume`.

namespace devy::cli {
namespace {

Json statuses_json(const publishing::StatusFigures& statuses) {
  return Json::object({{"unsent", statuses.unsent},
                       {"oldest_unsent_ms", statuses.oldest_unsent_ms},
                       {"sent", statuses.sent},
                       {"refused", statuses.refused},
                       {"last_error", statuses.last_error},
                       {"paused_until", statuses.paused_until},
                       {"pause_reason", statuses.pause_reason}});
}

std::vector<publishing::Blog> paused_blogs(Context& context) {
  auto blogs = publishing::list_blogs(context.database());
  std::erase_if(blogs, [](const publishing::Blog& blog) { return !blog.pause; });
  return blogs;
}

Json paused_json(const publishing::Blog& blog) {
  return Json::object({{"blog", blog.address()}, {"pause", queue::pause_json(blog.pause)}});
}

Json paused_kind_json(const queue::PausedKind& paused) {
  return Json::object({{"kind", paused.kind}, {"since", paused.since}, {"reason", paused.reason}});
}

Json stats_json(const queue::QueueStats& stats, const publishing::StatusFigures& statuses,
                const std::vector<publishing::Blog>& paused,
                const std::vector<queue::PausedKind>& kinds, const std::vector<WaitRange>& waits) {
  auto states = Json::object();
  for (const auto& state : stats.states)
    states.set(state.state, state.count);
  return Json::object({{"states", states},
                       {"running", stats.running},
                       {"expired_leases", stats.expired_leases},
                       {"oldest_waiting_ms", stats.oldest_waiting_ms},
                       {"finished", stats.finished},
                       {"mean_ms", stats.mean_ms},
                       {"p50_ms", stats.p50_ms},
                       {"p99_ms", stats.p99_ms},
                       {"p9999_ms", stats.p9999_ms},
                       {"over_five_minutes_share", stats.over_five_minutes_share},
                       {"paused_until", stats.paused_until},
                       {"pause_reason", stats.pause_reason},
                       {"paused_blogs", json_array(paused, paused_json)},
                       {"paused_kinds", json_array(kinds, paused_kind_json)},
                       {"wait_histogram", json_array(waits, wait_range_json)},
                       {"commit_statuses", statuses_json(statuses)}});
}

std::string milliseconds_text(const std::optional<double>& value) {
  if (!value) return "-";
  return base::format_duration(base::Duration(static_cast<std::int64_t>(*value * 1e3)));
}

void print_stats(Context& context, const queue::QueueStats& stats, const std::string& window) {
  auto& out = context.out();
  if (stats.paused_until)
    out << "paused           until "
        << (*stats.paused_until == "infinity" ? "resumed" : base::safe_text(*stats.paused_until))
        << (stats.pause_reason ? ": " + base::safe_text(*stats.pause_reason) : "") << '\n';
  for (const auto& state : stats.states) {
    auto label = state.state;
    label.resize(17, ' ');
    out << label << state.count << '\n';
  }
  if (stats.expired_leases > 0) out << "expired leases   " << stats.expired_leases << '\n';
  if (stats.oldest_waiting_ms)
    out << "longest waiting  " << milliseconds_text(static_cast<double>(*stats.oldest_waiting_ms))
        << '\n';
  std::array<char, 32> share{};
  std::snprintf(share.data(), share.size(), "%.4g %%", stats.over_five_minutes_share * 100);
  out << "\nended within " << window << ": " << stats.finished << "\n"
      << "  mean " << milliseconds_text(stats.mean_ms) << ", p50 "
      << milliseconds_text(stats.p50_ms) << ", p99 " << milliseconds_text(stats.p99_ms)
      << ", p99.99 " << milliseconds_text(stats.p9999_ms) << ", over five minutes " << share.data()
      << '\n';
}

// Prints nothing when no commit status was ever recorded.
void print_statuses(Context& context, const publishing::StatusFigures& statuses,
                    const std::string& window) {
  if (statuses.unsent + statuses.sent + statuses.refused == 0 && !statuses.paused_until) return;
  auto& out = context.out();
  out << "\ncommit statuses at GitHub, within " << window << ": " << statuses.sent << " sent, "
      << statuses.refused << " refused; " << statuses.unsent << " to be sent";
  if (statuses.oldest_unsent_ms)
    out << ", the oldest for "
        << milliseconds_text(static_cast<double>(*statuses.oldest_unsent_ms));
  out << '\n';
  if (statuses.last_error) out << "  refused: " << base::safe_text(*statuses.last_error) << '\n';
  if (statuses.paused_until)
    out << "  GitHub is left alone until " << context.time_text(*statuses.paused_until) << ": "
        << base::safe_text(statuses.pause_reason.value_or("")) << '\n';
}

// Hours that the window touches; minutes are known for two days.
int spans_of(base::Duration window) {
  constexpr int hours_max = 48;
  const auto hours = std::chrono::ceil<std::chrono::hours>(window).count() + 1;
  return static_cast<int>(std::clamp<std::int64_t>(hours, 1, hours_max));
}

int show_stats(Context& context, const Arguments& arguments) {
  const auto window =
      time_since(arguments, "since", context.now()).value_or(std::chrono::hours(24));
  const auto stats = queue::queue_stats(context.database(), window);
  const auto statuses = publishing::status_figures(context.database(), window);
  const auto paused = paused_blogs(context);
  const auto kinds = queue::paused_kinds(context.database());
  const auto waits = wait_ranges(queue::read_spans(context.database(), queue::SpanLength::hour,
                                                   spans_of(window), std::nullopt));
  if (context.is_json()) {
    print_json(context.out(), stats_json(stats, statuses, paused, kinds, waits));
    return exit_ok;
  }
  for (const auto& kind : kinds)
    context.out() << base::safe_text("kind " + kind.kind + " is paused since " +
                                     base::format_rfc3339(kind.since) + ": " + kind.reason)
                  << '\n';
  for (const auto& blog : paused)
    context.out() << base::safe_text(blog.address() + " " + queue::pause_text(*blog.pause)) << '\n';
  print_stats(context, stats, arguments.required("since"));
  print_wait_ranges(context, waits);
  print_statuses(context, statuses, arguments.required("since"));
  return exit_ok;
}

struct Target {
  web::PauseTarget target;
  std::string text;  // "the queue", or its name
};

Target read_target(Context& context, const Arguments& arguments) {
  const auto name = arguments.text("blog"), kind = arguments.text("kind"),
             owner = arguments.text("owner");
  if ((name && kind) || (owner && (name || kind)))
    throw base::Error(base::ErrorKind::usage,
                      "unable to act on a blog, a kind and an owner at once", "Name one of them.");
  if (owner) {
    const auto direction = arguments.text("direction") == "inbound" ? queue::Direction::inbound
                                                                    : queue::Direction::outbound;
    const auto target = web::gate_target(context.database(), *owner, direction);
    return {target, target.name};
  }
  if (kind) return {web::kind_target(context.database(), *kind), "kind " + *kind};
  if (!name) return {web::whole_queue(context.database()), "the queue"};
  const auto blog = publishing::find_blog(context.database(), *name);
  auto target = web::resource_target(context.database(), blog.resource);
  target.name = blog.address();
  return {target, blog.address()};
}

void report(Context& context, const Target& target, bool is_paused) {
  if (context.is_json())
    print_json(context.out(),
               Json::object({{"target", target.target.name.empty() ? Json() : Json(target.text)},
                             {"is_paused", is_paused}}));
  else context.say((is_paused ? "paused " : "resumed ") + target.text);
}

int pause_queue(Context& context, const Arguments& arguments) {
  const auto target = read_target(context, arguments);
  if (context.is_dry_run()) {
    context.would("pause " + target.text);
    return exit_ok;
  }
  const auto reason = arguments.text("reason");
  audited(context.who(), context.database(),
          {"queue.pause", target.target.name, reason.value_or("")}, [&] {
            web::close(
                context.database(), target.target,
                reason ? *reason + " (" + context.who() + ")" : "paused by " + context.who());
          });
  report(context, target, true);
  return exit_ok;
}

int resume_queue(Context& context, const Arguments& arguments) {
  const auto target = read_target(context, arguments);
  if (context.is_dry_run()) {
    context.would("resume " + target.text);
    return exit_ok;
  }
  audited(context.who(), context.database(), {"queue.resume", target.target.name, ""},
          [&] { web::open(context.database(), target.target); });
  queue::wake_workers(context.database());
  report(context, target, false);
  return exit_ok;
}

Positional blog_or_all() {
  return {.name = "blog",
          .help = "only this blog; else everything",
          .kind = ValueKind::blog,
          .is_optional = true};
}

Option kind_option() {
  std::vector<std::string> names;
  for (const auto* kind : systems::kinds_by_name())
    names.push_back(kind->name);
  return {.name = "kind",
          .value = "KIND",
          .help = "only operations of this kind",
          .choices = std::move(names)};
}

Option owner_option() {
  return {.name = "owner",
          .value = "O",
          .help = "only operations of this owner, or of this credential of GitHub"};
}

Option direction_option() {
  return {.name = "direction",
          .value = "D",
          .help = "of an owner: what brings news in, or what tells others",
          .choices = {"inbound", "outbound"}};
}

}  // namespace

const Command& queue_stats_command() {
  static const Command command{
      .name = "queue stats",
      .summary = "count uploads by state and measure how long they take",
      .help =
          "First, the kinds and blogs that are paused. How long operations had waited is counted "
          "by the "
          "daemon, by the hour. Last, where commits are "
          "told: how many statuses GitHub took "
          "and refused, how many are still to be sent, and until when "
          "GitHub is left alone.",
      .examples = {"devy-upload queue stats --since 1h"},
      .options = {{.name = "since",
                   .value = "WHEN",
                   .help = "measure what ended from then on: 24h, yesterday, 20:00 (UTC)",
                   .kind = ValueKind::moment,
                   .default_value = "24h"}},
      .run = show_stats};
  return command;
}

const Command& queue_pause_command() {
  static const Command command{
      .name = "queue pause",
      .summary = "let nothing new begin",
      .help = "What runs goes on to its end. Uploads are still recorded.",
      .examples = {"devy-upload queue pause --reason 'moving the database'"},
      .positionals = {blog_or_all()},
      .options = {kind_option(),
                  owner_option(),
                  direction_option(),
                  {.name = "reason", .value = "T", .help = "shown by queue stats"}},
      .run = pause_queue};
  return command;
}

const Command& queue_resume_command() {
  static const Command command{.name = "queue resume",
                               .summary = "let uploads begin again",
                               .positionals = {blog_or_all()},
                               .options = {kind_option(), owner_option(), direction_option()},
                               .run = resume_queue};
  return command;
}

}  // namespace devy::cli
