#pragma once
// Where a command's words go and come from: streams, whether a person is there, colour and width.
// Tests make one of string streams. Borrows its streams. One thread.

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>
#include <string_view>

namespace devy::cli {

enum class ColorChoice { automatic, always, never };
enum class Color { none, red, green, yellow, blue, dim, bold };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  // One line from a person, without its end; nothing at the end of input or when stopped.
  std::function<std::optional<std::string>(const std::stop_token&)> read_line;
  bool is_in_tty = false, is_out_tty = false, is_err_tty = false;
  bool is_out_colored = false, is_err_colored = false;
  std::size_t width = 80;
};

using Environment = std::function<std::optional<std::string>(const char*)>;
// The process's own; empty variables count as absent.
[[nodiscard]] std::optional<std::string> process_environment(const char* name);

// NO_COLOR and TERM=dumb switch `automatic` off; `always` is stronger than both.
[[nodiscard]] bool wants_color(ColorChoice choice, bool is_tty, const Environment& environment);
// Columns of the terminal behind a descriptor, else COLUMNS, else 80.
[[nodiscard]] std::size_t terminal_width(int descriptor, const Environment& environment);
// Reads stdin a line at a time; looks at the stop token ten times a second.
[[nodiscard]] std::optional<std::string> read_line_from_stdin(const std::stop_token& stop);

// The text in that colour, or as it is.
[[nodiscard]] std::string paint(std::string_view text, Color color, bool is_colored);

}  // namespace devy::cli
