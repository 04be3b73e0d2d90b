#pragma once
// What the supervisor and its children say to each other: a name and a few fields, one frame each
// way. Names and fields stand beside whoever sends them. Values; any thread.
//
// Children parse hostile bytes, so the supervisor takes nothing from a frame but a bounded number
// of bounded texts, and acts on names and numbers only.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace devy::daemon {

// A configuration of 64 KiB with all its defaults and escapes is the largest thing said.
inline constexpr std::size_t report_bytes_max = 1024UL * 1024;
inline constexpr std::size_t report_fields_max = 1024;

struct Report {
  std::string name;
  std::map<std::string, std::string, std::less<>> fields = {};

  // Empty, and 0, for a field that is not there or no number.
  [[nodiscard]] std::string text(std::string_view field) const;
  [[nodiscard]] std::int64_t number(std::string_view field) const;
};

[[nodiscard]] std::string to_frame(const Report& report);
// Nothing for bytes that are no report.
[[nodiscard]] std::optional<Report> read_report(std::string_view frame);

}  // namespace devy::daemon
