#pragma once
// Parses and formats sizes; base/time_text does so for durations. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace devy::config {

// Accepts "512KiB", "128 MiB", "2GiB", "100B" or a bare number of bytes. Powers of 1024 only.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
// Uses the largest unit that gives a whole number: "512KiB", "1000B".
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace devy::config
