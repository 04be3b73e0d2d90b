#include "cli/commands/publishing/upload_text.hpp"

#include "cli/commands/publishing/file_errors.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t problems_shown = 10;

void append_count(std::string& text, std::int64_t count, const std::string& what) {
  if (count != 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
}

void print_first(Context& context, const std::vector<snapshot::FileError>& problems,
                 const std::string& mark, const std::string& whole_list) {
  auto& out = context.out();
  for (std::size_t i = 0; i < problems.size() && i < problems_shown; ++i)
    out << "  " << mark << file_error_line(problems[i]) << '\n';
  if (problems.size() > problems_shown)
    out << "  … and " << problems.size() - problems_shown << " more: `devy-upload " << whole_list
        << "`\n";
}

std::string next_step(const publishing::Upload& upload) {
  const auto id = short_id(upload.id.text());
  switch (upload.state) {
    case queue::State::held:
      return "Look with `devy-upload inspect " + id + " --changes`, then let it pass with " +
             "`devy-upload approve " + id + "`.";
    case queue::State::failed: return "When the cause is gone: `devy-upload replay " + id + "`.";
    case queue::State::dropped:
      return "To put it over what is newer: `devy-upload replay " + id + " --force`.";
    case queue::State::disabled: return "Connect the repository to a blog again, then replay.";
    case queue::State::received:
    case queue::State::verified:
    case queue::State::scheduled:
    case queue::State::processing: return "Follow it with `devy-upload watch " + id + "`.";
    case queue::State::completed:
    case queue::State::cancelled:
    case queue::State::duplicate: return {};
  }
  return {};
}

}  // namespace

Color color_of(queue::State state) {
  switch (state) {
    case queue::State::completed: return Color::green;
    case queue::State::failed:
    case queue::State::held: return Color::red;
    case queue::State::scheduled:
    case queue::State::processing: return Color::blue;
    case queue::State::received:
    case queue::State::verified: return Color::yellow;
    case queue::State::cancelled:
    case queue::State::dropped:
    case queue::State::duplicate:
    case queue::State::disabled: return Color::dim;
  }
  return Color::none;
}

std::string state_text(const publishing::Upload& upload) {
  std::string text(queue::to_string(upload.state));
  if (upload.state == queue::State::processing && upload.step) text += " (" + *upload.step + ")";
  if (!queue::is_terminal(upload.state) && upload.is_cancel_requested) text += ", cancel requested";
  if (upload.pause) text += ", paused";
  return text;
}

std::string counts_text(const std::optional<publishing::ChangeCounts>& counts) {
  if (!counts) return {};
  std::string text;
  append_count(text, counts->created, "created");
  append_count(text, counts->updated, "updated");
  append_count(text, counts->renamed, "renamed");
  append_count(text, counts->deleted, "deleted");
  if (text.empty()) text = "nothing changed";
  append_count(text, counts->unchanged, "unchanged");
  append_count(text, counts->file_errors, counts->file_errors == 1 ? "file error" : "file errors");
  return text;
}

std::string counts_sketch(const std::optional<publishing::ChangeCounts>& counts) {
  if (!counts) return "-";
  std::string text;
  const auto add = [&](const char* sign, std::int64_t count) {
    if (count != 0) text += (text.empty() ? "" : " ") + std::string(sign) + std::to_string(count);
  };
  add("+", counts->created);
  add("~", counts->updated);
  add("»", counts->renamed);
  add("-", counts->deleted);
  add("!", counts->file_errors);
  return text.empty() ? "none" : text;
}

std::string pointer_text(const publishing::Upload& upload) {
  if (upload.duplicate_of) return "duplicate of " + *upload.duplicate_of;
  if (upload.dropped_for) return "dropped for the newer " + *upload.dropped_for;
  if (upload.cancelled_by) return "cancelled by the newer " + *upload.cancelled_by;
  return {};
}

std::string short_id(const std::string& id) {
  return id.substr(0, id_shown);
}

std::string end_line(const publishing::Upload& upload, bool is_colored) {
  auto line = short_id(upload.id.text()) + " " +
              paint(state_text(upload), color_of(upload.state), is_colored) + ": " +
              base::safe_text(upload.blog);
  if (upload.commit) line += " at " + upload.commit->substr(0, commit_shown);
  if (upload.duration_ms && upload.finished_at)
    line += ", " + base::format_duration(std::chrono::milliseconds(*upload.duration_ms));
  return line;
}

std::vector<snapshot::FileError> file_errors_of(Context& context,
                                                const publishing::Upload& upload) {
  if (!upload.changes || upload.changes->file_errors == 0) return {};
  auto& database = context.database();
  const auto blog = publishing::find_blog_by_id(database, upload.blog_id);
  if (blog.head_commit != upload.commit) return {};
  return publishing::list_file_errors(database, upload.blog_id);
}

void print_problems(Context& context, const publishing::Upload& upload) {
  if (upload.left_out)
    if (const auto text = blog::left_out_text(*upload.left_out); !text.empty())
      context.out() << "  " << base::safe_text(text) << '\n';
  print_first(context, file_errors_of(context, upload), "",
              "blog show " + base::safe_text(upload.blog));
  print_first(context, upload.warnings,
              "warning: ", "inspect " + short_id(upload.id.text()) + " --changes");
}

void print_end(Context& context, const publishing::Upload& upload) {
  auto& out = context.out();
  out << end_line(upload, context.terminal().is_out_colored) << '\n';
  if (const auto counts = counts_text(upload.changes); !counts.empty())
    out << "  " << counts << '\n';
  if (const auto pointer = pointer_text(upload); !pointer.empty()) out << "  " << pointer << '\n';
  if (upload.cancel_reason) out << "  reason: " << base::safe_text(*upload.cancel_reason) << '\n';
  print_problems(context, upload);
  out.flush();
  if (upload.error_text)
    print_error(context.terminal(), base::Error(base::ErrorKind::rejected, *upload.error_text,
                                                upload.error_hint.value_or("")));
  if (const auto next = next_step(upload); !next.empty()) context.say(next);
}

}  // namespace devy::cli
