#pragma once
// What a git server answers to a fetch (protocol v2, gitprotocol-v2(5), "fetch"): sections of
// packet lines, the pack last, in band with the server's words. Fed piece by piece as it comes; the
// pack is handed on and never held. Pure but for its callbacks; one thread.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace devy::repository {

class PackResponse {
 public:
  struct Calls {
    std::function<void(std::string_view)> on_pack;  // the next bytes of the pack
    std::function<void()> on_text;                  // the server says something: it lives
  };
  enum class State {
    reading,
    complete,  // the pack has ended as it should
    declined,  // the server says that it will not: see text()
    broken,    // not the protocol: see text()
  };

  explicit PackResponse(Calls calls) : calls_(std::move(calls)) {}

  // Takes the next bytes and returns state(). What comes after an end is not looked at. Throws what
  // the callbacks throw.
  State feed(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  // Why it was declined or is broken, for people; bytes of the server's, bounded, not yet safe to
  // show.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class Section { none, other, pack };

  std::size_t take_packet(std::string_view bytes);
  void take_special(std::size_t length);
  void take_line(std::string_view line);
  void take_band(std::string_view line);
  void end(State state, std::string_view text);

  Calls calls_;
  State state_ = State::reading;
  Section section_ = Section::none;
  bool has_pack_ = false;
  std::string cut_;  // the beginning of a line whose rest has not come
  std::string text_;
};

}  // namespace devy::repository
