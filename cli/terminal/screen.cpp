#include "cli/terminal/screen.hpp"

#include <algorithm>
#include <clocale>

// The only user of ncurses, whose macros would take the names of functions: it is compiled alone.
#define NCURSES_NOMACROS
#include <ncursesw/curses.h>

#include "cli/terminal/table.hpp"
#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace {

constexpr char escape_character = '\x1b';
constexpr int escape_delay_ms = 50;  // between an escape and the rest of a key's sequence

short pair_of(Color color) {
  switch (color) {
    case Color::red: return 1;
    case Color::green: return 2;
    case Color::yellow: return 3;
    case Color::blue: return 4;
    case Color::none:
    case Color::dim:
    case Color::bold: return 0;
  }
  return 0;
}

attr_t attributes_of(const ScreenLine& line) {
  attr_t attributes = A_NORMAL;
  if (line.color == Color::bold) attributes |= A_BOLD;
  if (line.color == Color::dim) attributes |= A_DIM;
  if (line.is_marked) attributes |= A_REVERSE;
  return attributes;
}

KeyPress meaning_of_key(int code) {
  switch (code) {
    case ERR: return {};
    case KEY_UP: return {Key::up};
    case KEY_DOWN: return {Key::down};
    case KEY_PPAGE: return {Key::page_up};
    case KEY_NPAGE: return {Key::page_down};
    case KEY_HOME: return {Key::first};
    case KEY_END: return {Key::last};
    case KEY_ENTER:
    case '\n':
    case '\r': return {Key::enter};
    case KEY_RESIZE: return {Key::resized};
    case escape_character: return {Key::escape};
    default: break;
  }
  if (code < ' ' || code > '~') return {};
  return {Key::letter, static_cast<char>(code)};
}

}  // namespace

struct Screen::State {
  SCREEN* screen = nullptr;
  bool has_color = false;
};

Screen::Screen(bool has_color) : state_(std::make_unique<State>()) {
  // The program writes UTF-8 whatever the locale says.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  ::set_escdelay(escape_delay_ms);
  state_->screen = ::newterm(nullptr, stdout, stdin);
  if (state_->screen == nullptr)
    throw base::Error(base::ErrorKind::usage, "unable to show a live screen on this terminal",
                      "Set TERM to what the terminal is, or use `devy-upload status`.");
  ::cbreak();
  ::noecho();
  ::nonl();
  ::keypad(stdscr, true);
  ::curs_set(0);
  state_->has_color = has_color && ::has_colors();
  if (!state_->has_color) return;
  ::start_color();
  ::use_default_colors();
  ::init_pair(pair_of(Color::red), COLOR_RED, -1);
  ::init_pair(pair_of(Color::green), COLOR_GREEN, -1);
  ::init_pair(pair_of(Color::yellow), COLOR_YELLOW, -1);
  ::init_pair(pair_of(Color::blue), COLOR_BLUE, -1);
}

Screen::~Screen() {
  ::endwin();
  ::delscreen(state_->screen);
}

std::size_t Screen::width() const {
  return static_cast<std::size_t>(::getmaxx(stdscr));
}

std::size_t Screen::height() const {
  return static_cast<std::size_t>(::getmaxy(stdscr));
}

void Screen::draw(const std::vector<ScreenLine>& lines, const ScreenLine& bottom) {
  ::werase(stdscr);
  const auto put = [&](std::size_t row, const ScreenLine& line) {
    const auto pair = state_->has_color ? pair_of(line.color) : short{0};
    ::wattr_set(stdscr, attributes_of(line), pair, nullptr);
    auto text = cut_to_width(line.text, width() - 1);
    if (line.is_marked) text.resize(std::max(text.size(), width() - 1), ' ');
    ::wmove(stdscr, static_cast<int>(row), 0);
    ::waddnstr(stdscr, text.c_str(), -1);
  };
  for (std::size_t row = 0; row < lines.size() && row + 1 < height(); ++row)
    put(row, lines[row]);
  put(height() - 1, bottom);
  ::wattr_set(stdscr, A_NORMAL, 0, nullptr);
  ::wrefresh(stdscr);
}

KeyPress Screen::read_key(std::chrono::milliseconds patience) {
  ::wtimeout(stdscr, static_cast<int>(patience.count()));
  return meaning_of_key(::wgetch(stdscr));
}

}  // namespace devy::cli
