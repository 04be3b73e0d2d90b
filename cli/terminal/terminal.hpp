#pragma once
// A command's input and output: streams, whether a person is present, colour and width. Tests make
// one of string streams. Borrows its streams. One thread.

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace devy::cli {

enum class ColorChoice { automatic, always, never };
enum class Color { none, red, green, yellow, blue, dim, bold };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  // Reads one line from a person, without its newline; returns nothing at the end of input or when
  // stopped.
  std::function<std::optional<std::string>(const std::stop_token&)> read_line;
  bool is_in_tty = false, is_out_tty = false, is_err_tty = false;
  bool is_out_colored = false, is_err_colored = false;
  std::size_t width = 80;
  std::vector<std::string> sort = {};  // of tables: --sort
  bool is_wide = false;                // tables are not cut to the width
  bool is_err_json = false;            // errors are printed as JSON, a line each
};

// The same terminal, but what is printed goes elsewhere, where nobody reads it at once.
[[nodiscard]] Terminal redirected(const Terminal& terminal, std::ostream& out);

using Environment = std::function<std::optional<std::string>(const char*)>;
// Reads the process's environment; empty variables count as absent.
[[nodiscard]] std::optional<std::string> process_environment(const char* name);

// NO_COLOR and TERM=dumb disable `automatic`; `always` overrides both.
[[nodiscard]] bool wants_color(ColorChoice choice, bool is_tty, const Environment& environment);
// Returns the columns of the terminal behind a descriptor, else COLUMNS, else 80.
[[nodiscard]] std::size_t terminal_width(int descriptor, const Environment& environment);
// Reads one line from stdin; checks the stop token ten times a second.
[[nodiscard]] std::optional<std::string> read_line_from_stdin(const std::stop_token& stop);

// Returns the text in that colour, or unchanged.
[[nodiscard]] std::string paint(std::string_view text, Color color, bool is_colored);
// Returns the text as a link (OSC 8) that a terminal opens, or unchanged: where nothing is
// coloured, and for what is no plain http or https address.
[[nodiscard]] std::string linked(std::string_view text, std::string_view address, bool is_colored);

}  // namespace devy::cli
