#include "cli/commands/queue/inspect_text.hpp"

#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/preview_json.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/queue/step_times.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/status_store.hpp"

namespace devy::cli {
namespace {

using snapshot::ChangeKind;

constexpr std::size_t text_bytes_max = 4'096;
constexpr std::size_t commit_digits = 10;

std::string safe(const std::string& text) {
  return base::safe_text(base::redact(text), text_bytes_max);
}

// Label and value in two columns; nothing for an absent value.
class Lines {
 public:
  explicit Lines(Context& context) : context_(context) {}
  void add(const char* label, const std::optional<std::string>& text) {
    if (text && !text->empty()) raw(label, safe(*text));
  }
  void add(const char* label, const std::optional<base::TimePoint>& time) {
    if (!time) return;
    auto text = base::format_rfc3339(*time);
    if (context_.terminal().is_out_tty) text += " (" + context_.time_text(time) + ")";
    raw(label, text);
  }
  void raw(const char* label, const std::string& text) {
    constexpr std::size_t label_width = 14;
    std::string line = label;
    line.resize(label_width, ' ');
    context_.out() << line << text << '\n';
  }

 private:
  Context& context_;
};

std::string attempt_text(const publishing::Upload& upload) {
  auto text = std::to_string(upload.attempt) + " of " + std::to_string(upload.max_attempts);
  if (upload.replay_count > 0)
    text += ", replayed " + std::to_string(upload.replay_count) +
            (upload.replay_count == 1 ? " time" : " times");
  return text;
}

void print_origin(Lines& lines, const publishing::Upload& upload) {
  lines.add("trigger", std::optional(upload.trigger));
  lines.add("requested by", upload.requested_by);
  lines.add("reason", upload.reason);
  lines.add("delivery", upload.delivery_guid);
  lines.add("repository", std::optional(upload.repository_url));
  lines.add("ref", upload.ref);
  lines.add("asked for", upload.requested_commit);
  if (upload.commit)
    lines.add("commit",
              *upload.commit + (upload.from_commit ? " (after " + *upload.from_commit + ")" : ""));
}

void print_times(Lines& lines, const publishing::Upload& upload) {
  lines.add("created", std::optional(upload.created_at));
  if (!queue::is_terminal(upload.state) && upload.state != queue::State::processing)
    upload.run_at ? lines.add("due", upload.run_at) : lines.raw("due", "when its blog is resumed");
  if (upload.pause) lines.add("held back", std::optional(queue::pause_text(*upload.pause)));
  lines.add("started", upload.started_at);
  lines.add("finished", upload.finished_at);
  if (upload.duration_ms)
    lines.raw("took", base::format_duration(std::chrono::milliseconds(*upload.duration_ms)));
  lines.add("worker", upload.worker);
  lines.add("lease until", upload.lease_expires_at);
}

std::string change_line(const snapshot::Change& change) {
  auto path = safe(change.path);
  switch (change.kind) {
    case ChangeKind::created: return "+ " + path;
    case ChangeKind::updated: return "~ " + path;
    case ChangeKind::renamed: return "» " + safe(change.from) + " → " + path;
    case ChangeKind::deleted: return "- " + path;
  }
  return path;
}

Color change_color(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::created: return Color::green;
    case ChangeKind::updated: return Color::yellow;
    case ChangeKind::renamed: return Color::blue;
    case ChangeKind::deleted: return Color::red;
  }
  return Color::none;
}

std::string status_line(Context& context, const publishing::StatusOfUpload& status) {
  auto text = status.commit.substr(0, commit_digits) + ": ";
  if (status.error) return text + "refused: " + *status.error;
  text += status.state.value_or("nothing yet");
  if (status.sent_at) text += " " + context.time_text(*status.sent_at);
  return text + (status.is_sent ? "" : ", more is to be sent");
}

}  // namespace

std::optional<upload::Preview> stored_preview(Context& context, const publishing::Upload& upload) {
  auto stored = publishing::load_changeset(context.database(), upload.id);
  if (!stored) return std::nullopt;
  upload::Preview preview;
  preview.blog = upload.blog;
  preview.from_commit = std::move(stored->from_commit);
  preview.to_commit = std::move(stored->to_commit);
  preview.changeset = std::move(stored->changeset);
  preview.file_errors = file_errors_of(context, upload);
  preview.warnings = upload.warnings;
  preview.left_out = upload.left_out;
  return preview;
}

void print_upload(Context& context, const publishing::Upload& upload) {
  const bool is_colored = context.terminal().is_out_colored;
  Lines lines(context);
  lines.raw("upload", upload.id.text());
  lines.add("blog", std::optional(upload.blog));
  lines.raw("state", paint(state_text(upload), color_of(upload.state), is_colored));
  // The step tells where a replay would continue; for a completed upload it tells nothing.
  const bool is_step_shown =
      upload.state != queue::State::processing && upload.state != queue::State::completed;
  if (is_step_shown) lines.add("step", upload.step);
  lines.add("why", std::optional(pointer_text(upload)));
  lines.add("cancelled", upload.cancel_reason);
  if (upload.error_text) {
    lines.raw("error", paint(upload.error_code.value_or("failed"), Color::red, is_colored) + ": " +
                           safe(*upload.error_text));
    lines.add("hint", upload.error_hint);
  }
  print_origin(lines, upload);
  lines.raw("attempt", attempt_text(upload));
  print_times(lines, upload);
  const auto events = queue::list_events(context.database(), upload.id);
  lines.add("steps", std::optional(step_times_text(step_times(events, context.now()))));
  lines.add("changes", std::optional(counts_text(upload.changes)));
  for (const auto& status : publishing::statuses_of(context.database(), upload.id))
    lines.add("at GitHub", std::optional(status_line(context, status)));
}

void print_changes(Context& context, const publishing::Upload& upload) {
  auto& out = context.out();
  const auto preview = stored_preview(context, upload);
  if (!preview) {
    out << (upload.state == queue::State::completed
                ? "\nno changes: the blog showed this commit already\n"
                : "\nno changes are known: it has not compared anything\n");
    return;
  }
  out << "\nchanges from " << safe(preview->from_commit.value_or("nothing")) << " to "
      << safe(preview->to_commit) << '\n';
  const auto changes = effective_changes(*preview).changes;
  for (const auto& change : changes)
    out << "  "
        << paint(change_line(change), change_color(change.kind), context.terminal().is_out_colored)
        << '\n';
  if (changes.empty()) out << "  none\n";
  print_findings(context, preview->file_errors, preview->warnings);
}

// "interrupted × 43": as many equal ones in a row.
std::string outcome_text(const queue::AttemptRow& attempt) {
  auto text = attempt.outcome.value_or("running");
  if (attempt.repeats > 0) text += " × " + std::to_string(attempt.repeats + 1);
  return text;
}

void print_attempts(Context& context, const publishing::Upload& upload) {
  Table table({{.title = "ATTEMPT", .align = Align::right},
               {"STARTED"},
               {"ENDED"},
               {"OUTCOME"},
               {"STEP"},
               {.title = "WORKER", .is_elastic = true},
               {.title = "ERROR", .is_elastic = true}});
  for (const auto& attempt : queue::list_attempts(context.database(), upload.id))
    table.add({std::to_string(attempt.number), context.time_text(attempt.started_at),
               context.time_text(attempt.ended_at), outcome_text(attempt),
               attempt.step.value_or("-"), attempt.worker,
               attempt.error_text ? base::redact(*attempt.error_text) : "-"});
  context.out() << '\n';
  if (table.empty()) context.out() << "no attempts yet\n";
  else table.print(context.terminal());
}

std::string event_line(const queue::EventRow& event, bool is_colored) {
  const auto state = queue::parse_state(event.state);
  auto text =
      base::format_rfc3339(event.at) + "  " + std::to_string(event.attempt) + "  " +
      paint(base::safe_text(event.state), state ? color_of(*state) : Color::none, is_colored);
  if (event.step) text += " (" + base::safe_text(*event.step) + ")";
  if (event.code || event.message) {
    text += "  " + safe(event.code.value_or("error"));
    if (event.message) text += ": " + safe(*event.message);
  }
  if (event.pointer) text += "  → " + safe(*event.pointer);
  if (event.reason) text += "  " + safe(*event.reason);
  if (event.by) text += "  by " + safe(*event.by);
  return text;
}

void print_events(Context& context, const publishing::Upload& upload) {
  context.out() << '\n';
  for (const auto& event : queue::list_events(context.database(), upload.id))
    context.out() << event_line(event, context.terminal().is_out_colored) << '\n';
}

}  // namespace devy::cli
