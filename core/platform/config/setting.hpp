#pragma once
// The table of settings: each key with its member, its kind and its bounds. Reading the file, the
// environment, `config show` and the test of the man page all use it, so that a setting is added in
// config.hpp, here, and in devy-upload.toml(5). Pure; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/platform/config/config.hpp"

namespace devy::config {

template <class Type>
using Field = Type& (*)(Config&);

struct Text {
  Field<std::string> field;
  std::span<const std::string_view> choices;  // empty: any text
};
struct TextList {
  Field<std::vector<std::string>> field;
  std::span<const std::string_view> choices;
};
struct Truth {
  Field<bool> field;
};
struct Count {
  Field<std::uint32_t> field;
  std::uint32_t low, high;
};
struct Size {
  Field<std::uint64_t> field;
  std::uint64_t low, high;
};
struct Period {
  std::variant<Field<seconds>, Field<milliseconds>> field;
  milliseconds low, high;
};

struct Setting {
  std::string_view key;  // as in the file: "limits.html_bytes_max"
  std::variant<Text, TextList, Truth, Count, Size, Period> slot;
};

[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] const Setting* find_setting(std::string_view key);

// The types of value that a file or the environment may contain.
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

// Stores the value. When the value does not fit, nothing is stored and the reason is returned
// ("must be …").
[[nodiscard]] std::optional<std::string> assign(const Setting& setting, Config& config,
                                                const Value& value);
// Writes the value in TOML's notation: "[\"github.com\"]", "512KiB" (in quotes), 64, true.
[[nodiscard]] std::string value_text(const Setting& setting, const Config& config);
// Quotes the text as a basic string of TOML.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace devy::config
