#include "cli/terminal/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace devy::cli {
namespace {

const char* color_code(Color color) {
  switch (color) {
    case Color::none: return "";
    case Color::red: return "\x1b[31m";
    case Color::green: return "\x1b[32m";
    case Color::yellow: return "\x1b[33m";
    case Color::blue: return "\x1b[34m";
    case Color::dim: return "\x1b[2m";
    case Color::bold: return "\x1b[1m";
  }
  return "";
}

}  // namespace

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

bool wants_color(ColorChoice choice, bool is_tty, const Environment& environment) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  return is_tty && !environment("NO_COLOR") && environment("TERM").value_or("dumb") != "dumb";
}

std::size_t terminal_width(int descriptor, const Environment& environment) {
  constexpr std::size_t least = 40, usual = 80, most = 1'000;
  const auto within = [&](std::size_t columns) { return columns >= least && columns <= most; };
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && within(size.ws_col)) return size.ws_col;
  if (const auto text = environment("COLUMNS")) {
    std::size_t columns = 0;
    std::from_chars(text->data(), text->data() + text->size(), columns);
    if (within(columns)) return columns;
  }
  return usual;
}

std::optional<std::string> read_line_from_stdin(const std::stop_token& stop) {
  constexpr int look_every_ms = 100;
  constexpr std::size_t line_bytes_max = 1'024;  // an answer is a word
  std::string line;
  while (!stop.stop_requested() && line.size() < line_bytes_max) {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (::poll(&input, 1, look_every_ms) <= 0) continue;
    char character = '\0';
    if (::read(STDIN_FILENO, &character, 1) != 1) return std::nullopt;
    if (character == '\n') return line;
    line += character;
  }
  return std::nullopt;
}

Terminal redirected(const Terminal& terminal, std::ostream& out) {
  return {.out = out,
          .err = terminal.err,
          .read_line = terminal.read_line,
          .is_in_tty = terminal.is_in_tty,
          .is_err_tty = terminal.is_err_tty,
          .is_err_colored = terminal.is_err_colored,
          .width = terminal.width,
          .is_err_json = terminal.is_err_json};
}

std::string paint(std::string_view text, Color color, bool is_colored) {
  if (!is_colored || color == Color::none) return std::string(text);
  return color_code(color) + std::string(text) + "\x1b[0m";
}

std::string linked(std::string_view text, std::string_view address, bool is_colored) {
  constexpr std::size_t address_bytes_max = 2'000;
  const bool is_plain = std::ranges::all_of(
      address, [](char character) { return character > ' ' && character <= '~'; });
  const bool is_web = address.starts_with("https://") || address.starts_with("http://");
  if (!is_colored || !is_web || !is_plain || address.size() > address_bytes_max)
    return std::string(text);
  return "\x1b]8;;" + std::string(address) + "\x1b\\" + std::string(text) + "\x1b]8;;\x1b\\";
}

}  // namespace devy::cli
