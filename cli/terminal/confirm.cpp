#include "cli/terminal/confirm.hpp"

#include <algorithm>

#include "cli/exit_codes.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t examples_max = 5;

void print_question(Context& context, const Act& act) {
  auto& err = context.err();
  err << "About to " << describe(act) << ":\n";
  for (std::size_t i = 0; i < act.examples.size() && i < examples_max; ++i)
    err << "  " << base::safe_text(act.examples[i]) << '\n';
  const auto shown = std::min(act.examples.size(), examples_max);
  if (!act.are_sums && act.count > shown) err << "  … and " << act.count - shown << " more\n";
  if (act.are_sums && act.examples.size() > shown)
    err << "  … and rows of " << act.examples.size() - shown << " more sorts\n";
  err << "Go on? [y/N] " << std::flush;
}

}  // namespace

std::string describe(const Act& act) {
  return act.verb + " " + std::to_string(act.count) + " " + act.noun + (act.count == 1 ? "" : "s");
}

void confirm(Context& context, const Act& act) {
  if (context.options().is_yes) return;
  const auto& terminal = context.terminal();
  if (!terminal.is_in_tty || !terminal.is_err_tty)
    throw CommandError(exit_needs_yes, base::ErrorKind::usage,
                       "unable to " + describe(act) + ": nobody is there to confirm it",
                       "Say --yes, or look first with --dry-run.");
  print_question(context, act);
  const auto answer = terminal.read_line(context.stop());
  context.check_stop();
  if (answer && (*answer == "y" || *answer == "Y" || *answer == "yes")) return;
  throw CommandError(exit_needs_yes, base::ErrorKind::usage, "nothing was changed: not confirmed");
}

base::Error would_be_refused(const base::Error& error) {
  return {error.kind(), "would be refused: " + error.text(), error.hint(), error.code()};
}

}  // namespace devy::cli
