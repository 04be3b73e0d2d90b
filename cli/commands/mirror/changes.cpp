#include <algorithm>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/mirror/store/change_store.hpp"
#include "core/platform/base/safe_text.hpp"

// `mirror changes`: the change feed, page by page, and with -f what is being added to it.

namespace devy::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t shown_unless_said = 1'000;
constexpr int page_rows_max = 500;               // in memory at a time
constexpr std::int64_t table_rows_max = 10'000;  // a table has to know all of its rows
// For --follow: what came within 50 ms of a notification is told by none, and nobody notifies when
// an older transaction ends that kept changes back. So it looks again soon, and then less often.
constexpr milliseconds look_again_first{50};
constexpr milliseconds look_again_last{1'000};
constexpr milliseconds stop_checked_every{100};

std::string subject_text(const mirror::Change& change) {
  return change.relation + " " + std::to_string(change.id);
}

std::string columns_text(const mirror::Change& change) {
  std::string text;
  for (const auto& column : change.columns)
    text += (text.empty() ? "" : ", ") + column;
  return text;
}

// Prints changes as they are read: as JSON, as a table, or as lines for whoever follows.
class ChangePrinter {
 public:
  ChangePrinter(Context& context, bool is_following)
      : context_(context), is_following_(is_following) {}

  void print(const std::vector<mirror::Change>& changes) {
    for (const auto& change : changes) {
      if (context_.is_json()) context_.out() << mirror::change_json(change).compact() << '\n';
      else if (is_following_) context_.out() << line_of(change) << '\n';
      else table_.add(cells_of(change));
    }
    context_.out().flush();
  }

  void end(const std::string& cursor) {
    if (context_.is_json() || is_following_) return;
    if (table_.empty()) context_.say("nothing has changed");
    else table_.print(context_.terminal());
    context_.say("what follows: --cursor " + cursor);
  }

 private:
  [[nodiscard]] std::string line_of(const mirror::Change& change) const {
    return context_.time_text(change.at) + "  " + base::safe_text(change.repository.value_or("-")) +
           "  " + subject_text(change) + "  " + change.action + "  " + columns_text(change);
  }
  [[nodiscard]] std::vector<Cell> cells_of(const mirror::Change& change) const {
    return {context_.time_text(change.at), change.repository.value_or("-"),
            subject_text(change),          change.action,
            columns_text(change),          change.via.value_or("-")};
  }

  Context& context_;
  bool is_following_;
  Table table_{{{"WHEN"},
                {"REPOSITORY"},
                {"ROW"},
                {"ACTION"},
                {.title = "FIELDS", .is_elastic = true},
                {"VIA"}}};
};

// Waits for a notification, and no longer than that. Throws Error(stopped).
void wait_for_changes(Context& context, milliseconds longest) {
  auto& connection = context.database();
  for (milliseconds left = longest; left.count() > 0; left -= stop_checked_every) {
    context.check_stop();
    if (connection.wait_notification(std::min(left, stop_checked_every))) return;
  }
}

int run_mirror_changes(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const bool is_following = arguments.has("follow");
  std::optional<std::int64_t> left = arguments.number("limit");
  if (!left && !is_following) left = shown_unless_said;
  if (!is_following && !context.is_json()) left = std::min(*left, table_rows_max);
  auto cursor = arguments.text("cursor").value_or("");
  if (is_following) mirror::listen_to_changes(connection);
  if (cursor == "now") cursor = mirror::cursor_of_now(connection);
  ChangePrinter printer(context, is_following);
  auto look_again = look_again_first;
  while (context.out().good()) {
    context.check_stop();
    const int rows_max =
        static_cast<int>(std::min<std::int64_t>(left.value_or(page_rows_max), page_rows_max));
    const auto page = mirror::read_changes(connection, cursor, rows_max);
    cursor = page.cursor;
    printer.print(page.changes);
    if (left) *left -= static_cast<std::int64_t>(page.changes.size());
    if (left && *left == 0) break;
    if (std::cmp_equal(page.changes.size(), rows_max)) continue;
    if (!is_following) break;
    look_again =
        page.changes.empty() ? std::min(look_again * 2, look_again_last) : look_again_first;
    wait_for_changes(context, look_again);
  }
  printer.end(cursor);
  return exit_ok;
}

}  // namespace

const Command& mirror_changes_command() {
  static const Command command{
      .name = "mirror changes",
      .summary = "show which mirrored rows changed",
      .help =
          "Oldest first. A change names a row and its fields that are others now; the tables have "
          "the values. With --json a line each, with the cursor to go on behind it. Changes are "
          "kept for mirror.change_keep.",
      .examples = {"devy-upload mirror changes --json",
                   "devy-upload mirror changes --cursor now -f"},
      .options = {{.name = "cursor",
                   .value = "C",
                   .help = "only those behind it; `now`: those to come"},
                  {.name = "limit",
                   .short_name = 'n',
                   .value = "N",
                   .help = "at most so many: 1000, without an end with -f; 10000 in a table",
                   .kind = ValueKind::number,
                   .least = 1,
                   .most = 100'000'000},
                  {.name = "follow", .short_name = 'f', .help = "go on with what changes"}},
      .run = run_mirror_changes};
  return command;
}

}  // namespace devy::cli
