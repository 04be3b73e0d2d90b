#pragma once
// The whole screen of a terminal, drawn line by line and read key by key, by ncurses. While one
// exists nothing else may be printed; its end restores the terminal, also when an error is thrown.
// One at a time; one thread.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "cli/terminal/terminal.hpp"

namespace devy::cli {

struct ScreenLine {
  std::string text;  // safe for a terminal; what is too long is cut
  Color color = Color::none;
  bool is_marked = false;  // shown in reverse: the line that the keys act on
};

enum class Key { none, up, down, page_up, page_down, first, last, enter, escape, resized, letter };
struct KeyPress {
  Key key = Key::none;
  char letter = '\0';  // of Key::letter
};

class Screen {
 public:
  // Throws Error(usage) for a terminal that cannot move its cursor.
  explicit Screen(bool has_color);
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  [[nodiscard]] std::size_t width() const;
  [[nodiscard]] std::size_t height() const;
  // Draws these lines from the top, and `bottom` as the last line; only what has changed is sent.
  void draw(const std::vector<ScreenLine>& lines, const ScreenLine& bottom);
  // Waits for a key at most so long.
  [[nodiscard]] KeyPress read_key(std::chrono::milliseconds patience);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace devy::cli
