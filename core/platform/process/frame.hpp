#pragma once
// The layout of frames on the pipes between a parent and its child, and the first frame. Private to
// this folder. Both ends are the same program on the same machine, so native byte order suffices.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace devy::process {

inline constexpr std::string_view child_argument = "--devy-child=";
inline constexpr std::size_t frame_header_bytes = sizeof(std::uint32_t);
inline constexpr std::size_t frame_bytes_max = 0x7fff'ffff;

// The first frame. Limits are sent through the pipe so that the process list does not reveal them.
struct Greeting {
  std::uint64_t memory_bytes_max = 0, cpu_seconds_max = 0;
  std::uint64_t parent_pid = 0;
  std::uint64_t descriptors = 0;  // number of descriptors passed on, from first_descriptor upwards
};
inline constexpr int first_descriptor = 3;

[[nodiscard]] inline std::string frame_header(std::size_t length) {
  const auto number = static_cast<std::uint32_t>(length);
  std::string header(frame_header_bytes, '\0');
  std::memcpy(header.data(), &number, sizeof number);
  return header;
}

// `header` has at least frame_header_bytes.
[[nodiscard]] inline std::size_t frame_length(std::string_view header) {
  std::uint32_t number = 0;
  std::memcpy(&number, header.data(), sizeof number);
  return number;
}

[[nodiscard]] inline std::string to_frame(const Greeting& greeting) {
  std::string frame(sizeof greeting, '\0');
  std::memcpy(frame.data(), &greeting, sizeof greeting);
  return frame;
}

}  // namespace devy::process
