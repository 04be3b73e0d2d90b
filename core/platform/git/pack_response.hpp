#pragma once
// Parses a git server's response to a fetch (protocol v2, gitprotocol-v2(5), "fetch"): sections of
// packet lines, the pack last, multiplexed with the server's messages. It is fed piece by piece as
// data arrives; the pack is passed on and never stored. Pure, apart from its callbacks; one thread.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace devy::git {

class PackResponse {
 public:
  struct Calls {
    std::function<void(std::string_view)> on_pack;  // the next bytes of the pack
    std::function<void()> on_text;                  // the server sent a message, so it is alive
  };
  enum class State {
    reading,
    complete,  // the pack is complete
    declined,  // the server refuses: see text()
    broken,    // the protocol was violated: see text()
  };

  explicit PackResponse(Calls calls) : calls_(std::move(calls)) {}

  // Takes the next bytes and returns state(). Bytes after the end are ignored. Throws what the
  // callbacks throw.
  State feed(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  // Why it was declined or is broken, for people; these are bytes of the server, limited in length,
  // not yet safe to display.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class Section { none, other, pack };

  std::size_t read_packet(std::string_view bytes);
  void read_special(std::size_t length);
  void read_line(std::string_view line);
  void read_band(std::string_view line);
  void end(State state, std::string_view text);

  Calls calls_;
  State state_ = State::reading;
  Section section_ = Section::none;
  bool has_pack_ = false;
  std::string cut_;  // the beginning of an incomplete line
  std::string text_;
};

}  // namespace devy::git
