#include "cli/line/command_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command_help.hpp"
#include "cli/line/parse.hpp"
#include "cli/terminal/interruption.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/pager.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/log_journal.hpp"

namespace devy::cli {
namespace {

// Log lines are meant for daemons; at a terminal they appear only on request.
void configure_log(const GlobalOptions& options) {
  using base::log::Level;
  const auto level = options.is_quiet         ? Level::error
                     : options.verbosity >= 2 ? Level::debug
                     : options.verbosity == 1 ? Level::info
                                              : Level::warning;
  base::log::follow_journal_stream();
  base::log::configure(level, base::log::Format::logfmt);
}

void set_colors(Terminal& terminal, ColorChoice choice, const Environment& environment) {
  terminal.is_out_colored = wants_color(choice, terminal.is_out_tty, environment);
  terminal.is_err_colored = wants_color(choice, terminal.is_err_tty, environment);
}

// The verb prints its document into a buffer, and what is made of it is printed instead.
int run_shaped(const CommandLine& line, Run& run, DocumentShape shape) {
  shape.is_for_terminal = run.terminal.is_out_tty;
  shape.name_field = line.command->name_field;
  DocumentBuffer buffer;
  std::ostream out(&buffer);
  const auto print = [&] {
    if (buffer.is_over())
      throw base::Error(base::ErrorKind::usage, "unable to shape the output: it is too long",
                        "Ask for less with --limit or --since.");
    if (!buffer.text().empty()) run.terminal.out << shape_document(buffer.text(), shape);
  };
  Context context(line.options, redirected(run.terminal, out), run.environment, run.clock,
                  run.stop);
  int status = exit_ok;
  try {
    status = line.command->run(context, line.arguments);
  } catch (const base::Error&) {
    // A document that came before the error is printed; other text does not hide the error.
    if (buffer.text().starts_with('[') || buffer.text().starts_with('{')) print();
    throw;
  }
  print();
  return status;
}

// Text for a person is collected, and shown by a pager when it is longer than the screen.
int run_paged(const CommandLine& line, Run& run) {
  DocumentBuffer buffer;
  std::ostream out(&buffer);
  auto terminal = redirected(run.terminal, out);
  terminal.is_out_tty = run.terminal.is_out_tty;
  terminal.is_out_colored = run.terminal.is_out_colored;
  terminal.sort = run.terminal.sort;
  terminal.is_wide = run.terminal.is_wide;
  Context context(line.options, terminal, run.environment, run.clock, run.stop);
  int status = exit_ok;
  try {
    status = line.command->run(context, line.arguments);
  } catch (const base::Error&) {
    run.terminal.out << buffer.text();
    throw;
  }
  const auto pager = pager_for(buffer.text(), run.height, run.environment);
  if (!pager || !show_through(*pager, buffer.text())) run.terminal.out << buffer.text();
  return status;
}

int run_command(const CommandLine& line, Run& run) {
  const auto& options = line.options;
  if (options.is_json && !options.shape.is_plain()) return run_shaped(line, run, options.shape);
  run.terminal.sort = options.shape.sort;
  run.terminal.is_wide = options.is_wide;
  const bool is_paged = line.command->is_paged && !options.is_json && !options.has_no_pager &&
                        run.height && run.terminal.is_out_tty && run.terminal.is_in_tty;
  if (is_paged) return run_paged(line, run);
  Context context(options, run.terminal, run.environment, run.clock, run.stop);
  return line.command->run(context, line.arguments);
}

int run_parsed(const CommandTable& table, const CommandLine& line, Run& run) {
  auto& out = run.terminal.out;
  if (line.is_version) {
    out << version_text() << '\n';
    return exit_ok;
  }
  if (line.is_help) {
    if (line.command != nullptr) out << command_help(*line.command);
    else if (!line.group.empty()) out << group_help(table, line.group);
    else out << program_help(table);
    return exit_ok;
  }
  return run_command(line, run);
}

// Errors are JSON where a document was asked for, those of the line itself included.
bool asks_for_json(const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [](const std::string& word) {
    return word == "--json" || word == "--json=true" || word == "--jq" ||
           word.starts_with("--jq=") || word == "jsonl" || word == "-ojsonl" || word == "-ojson";
  });
}

int status_of(const base::Error& error) {
  const auto* chosen = dynamic_cast<const CommandError*>(&error);
  return chosen != nullptr ? chosen->status() : base::exit_code(error);
}

}  // namespace

std::string version_text() {
  return "devy-upload " DEVY_VERSION;
}

int run_command_line(const CommandTable& table, const std::vector<std::string>& words, Run run) {
  set_colors(run.terminal, ColorChoice::automatic, run.environment);
  int status = exit_failed;
  try {
    if (words.empty()) {
      run.terminal.err << program_help(table);
      return exit_usage;
    }
    run.terminal.is_err_json = asks_for_json(words);
    const auto line = parse(table, words);
    run.terminal.is_err_json = line.options.is_json;
    set_colors(run.terminal, line.options.color, run.environment);
    configure_log(line.options);
    status = run_parsed(table, line, run);
  } catch (const base::Error& error) {
    run.terminal.out.flush();
    // A command stopped by ^C prints no error; its exit status tells.
    if (error.kind() != base::ErrorKind::stopped || !run.stop.stop_requested())
      print_error(run.terminal, error);
    status = status_of(error);
  } catch (const std::filesystem::filesystem_error& error) {
    // A folder that is gone or closed, as the current one may be, is no bug.
    run.terminal.out.flush();
    const auto path =
        error.path1().empty() ? "the current folder" : "'" + error.path1().string() + "'";
    print_error(run.terminal,
                base::Error(base::ErrorKind::rejected,
                            "unable to use " + path + ": " + error.code().message(),
                            "Change into a folder that exists, and check that you may use it."));
  } catch (const std::exception& error) {
    run.terminal.out.flush();
    print_error(run.terminal, base::Error(base::ErrorKind::internal, error.what(),
                                          "This is a bug; please report it with the command."));
  }
  if (run.stop.stop_requested() && status != exit_ok) return exit_interrupted;
  return status;
}

int run_command_line(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const Interruption interruption;
  DescriptorBuffer out_buffer(STDOUT_FILENO), err_buffer(STDERR_FILENO);
  std::ostream out(&out_buffer), err(&err_buffer);
  err.setf(std::ios::unitbuf);  // messages must be out before a crash
  const Terminal terminal{.out = out,
                          .err = err,
                          .read_line = read_line_from_stdin,
                          .is_in_tty = ::isatty(STDIN_FILENO) == 1,
                          .is_out_tty = ::isatty(STDOUT_FILENO) == 1,
                          .is_err_tty = ::isatty(STDERR_FILENO) == 1,
                          .width = terminal_width(STDOUT_FILENO, process_environment)};
  const int status = run_command_line(all_commands(), words,
                                      Run{terminal, process_environment, base::system_clock(),
                                          interruption.token(), terminal_height(STDOUT_FILENO)});
  out.flush();
  if (out_buffer.failure() == 0) return status;
  // The reader has seen enough (`list | head`); that is no failure.
  if (out_buffer.failure() == EPIPE) return status == exit_failed ? exit_ok : status;
  err << "error: unable to write to stdout: " << std::strerror(out_buffer.failure()) << '\n';
  return exit_failed;
}

}  // namespace devy::cli
