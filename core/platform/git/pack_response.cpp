#include "core/platform/git/pack_response.hpp"

#include <utility>

#include "core/platform/git/packet_line.hpp"

namespace devy::git {
namespace {

constexpr std::size_t text_bytes_max = 512;
constexpr std::size_t flush = 0, delimiter = 1;
constexpr char pack_band = 1, text_band = 2, error_band = 3;

}  // namespace

PackResponse::State PackResponse::feed(std::string_view bytes) {
  // Only an incomplete line is kept, so the kept bytes are fewer than one line.
  std::string joined;
  if (!cut_.empty()) {
    joined = std::exchange(cut_, {}).append(bytes);
    bytes = joined;
  }
  while (state_ == State::reading) {
    const auto taken = read_packet(bytes);
    if (taken == 0) break;
    bytes.remove_prefix(taken);
  }
  if (state_ == State::reading) cut_ = bytes;
  return state_;
}

// Returns how many bytes it consumed; zero when they are not a complete line yet.
std::size_t PackResponse::read_packet(std::string_view bytes) {
  if (bytes.size() < packet_length_digits) return 0;
  const auto length = parse_packet_length(bytes);
  if (!length) {
    end(State::broken, "a packet line without a length");
    return 0;
  }
  if (*length < packet_length_digits) {
    read_special(*length);
    return packet_length_digits;
  }
  if (*length > bytes.size()) return 0;
  read_line(bytes.substr(packet_length_digits, *length - packet_length_digits));
  return *length;
}

void PackResponse::read_special(std::size_t length) {
  if (length == delimiter && section_ == Section::other) section_ = Section::none;
  else if (length == flush && section_ == Section::pack && has_pack_) end(State::complete, {});
  else end(State::broken, "a packet line where none belongs");
}

void PackResponse::read_line(std::string_view line) {
  if (section_ == Section::pack) {
    read_band(line);
    return;
  }
  if (line.starts_with("ERR ")) end(State::declined, line.substr(4));
  else if (section_ == Section::none)
    section_ = line == "packfile\n" || line == "packfile" ? Section::pack : Section::other;
}

void PackResponse::read_band(std::string_view line) {
  const char band = line.empty() ? '\0' : line.front();
  if (!line.empty()) line.remove_prefix(1);
  switch (band) {
    case pack_band:
      has_pack_ = true;
      calls_.on_pack(line);
      break;
    case text_band: calls_.on_text(); break;
    case error_band: end(State::declined, line); break;
    default: end(State::broken, "a packet line of no band");
  }
}

void PackResponse::end(State state, std::string_view text) {
  state_ = state;
  text_ = text.substr(0, text_bytes_max);
}

}  // namespace devy::git
