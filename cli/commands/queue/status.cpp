#include "cli/commands/queue/overview.hpp"
#include "cli/commands/queue/overview_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/table.hpp"

// `status`: everything on one screen.

namespace devy::cli {
namespace {

constexpr std::size_t rows_of_a_list = 5;
constexpr std::size_t overview_label_width = 12;

int run_status(Context& context, const Arguments&) {
  const auto overview = read_overview(context.database());
  if (context.is_json()) {
    print_json(context.out(), overview_json(overview));
    return exit_ok;
  }
  const auto& terminal = context.terminal();
  const auto lines = overview_lines(overview, rows_of_a_list,
                                    [&](base::TimePoint time) { return context.time_text(time); });
  for (const auto& line : lines) {
    auto label = line.label;
    label.resize(overview_label_width, ' ');
    const auto text = terminal.is_out_tty
                          ? cut_to_width(line.text, terminal.width - overview_label_width)
                          : line.text;
    context.out() << paint(label, Color::bold, terminal.is_out_colored)
                  << paint(text, line.color, terminal.is_out_colored) << '\n';
  }
  return exit_ok;
}

}  // namespace

const Command& status_command() {
  static const Command command{
      .name = "status",
      .summary = "show the state of everything on one screen",
      .help =
          "Of operations of every kind: the daemons, how many operations wait and run, which one "
          "has been due for longest, what is paused and why, what is held, whose last operation "
          "failed, the last deliveries, and how many requests GitHub still answers this hour. "
          "Each list has five lines here, and up to twenty with --json.",
      .examples = {"devy-upload status", "devy-upload status --json"},
      .run = run_status};
  return command;
}

}  // namespace devy::cli
