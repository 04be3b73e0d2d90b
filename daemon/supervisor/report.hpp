#pragma once
// The messages between the supervisor and its children: a name and a few fields, one frame each.
// Names and fields are listed with the role that sends them. Values; any thread.
//
// Children parse untrusted bytes, so the supervisor reads from a frame only a bounded number of
// bounded texts, and acts on names and numbers only.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace devy::daemon {

// Limit for one message. The largest is a configuration of 64 KiB with all its defaults and
// escapes.
inline constexpr std::size_t report_bytes_max = 1024UL * 1024;
inline constexpr std::size_t report_fields_max = 1024;

struct Report {
  std::string name;
  std::map<std::string, std::string, std::less<>> fields = {};

  // Returns an empty text, or 0, for a field that is missing or not a number.
  [[nodiscard]] std::string text(std::string_view field) const;
  [[nodiscard]] std::int64_t number(std::string_view field) const;
};

[[nodiscard]] std::string to_frame(const Report& report);
// Returns nothing for bytes that are no report.
[[nodiscard]] std::optional<Report> read_report(std::string_view frame);

}  // namespace devy::daemon
