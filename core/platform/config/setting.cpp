#include "core/platform/config/setting.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/config/value_text.hpp"

namespace devy::config {
namespace {

using Fault = std::optional<std::string>;
using std::chrono::duration_cast;

std::string seconds_text(milliseconds period) {
  if (period.count() % 1000 != 0) return std::to_string(period.count()) + "ms";
  return std::to_string(period.count() / 1000) + "s";
}

std::string one_of(std::span<const std::string_view> choices) {
  std::string text;
  for (const auto choice : choices)
    text += (text.empty() ? "" : ", ") + in_quotes(choice);
  return text;
}

bool is_choice(std::span<const std::string_view> choices, std::string_view text) {
  return choices.empty() || std::ranges::find(choices, text) != choices.end();
}

// A NUL would cut the text short in libpq and in file names.
bool is_plain(std::string_view text) {
  return base::is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
}

std::optional<std::uint64_t> whole_number(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return *number < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(*number));
  return std::nullopt;
}

struct Assign {
  Config& config;
  const Value& value;

  Fault operator()(const Text& slot) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || !is_plain(*text)) return "must be a string";
    if (!is_choice(slot.choices, *text)) return "must be one of " + one_of(slot.choices);
    slot.field(config) = *text;
    return std::nullopt;
  }

  Fault operator()(const TextList& slot) const {
    const auto* texts = std::get_if<std::vector<std::string>>(&value);
    if (texts == nullptr) return "must be a list of strings";
    for (const auto& text : *texts) {
      if (text.empty() || !is_plain(text)) return "must be a list of strings that are not empty";
      if (!is_choice(slot.choices, text)) return "must be a list out of " + one_of(slot.choices);
    }
    slot.field(config) = *texts;
    return std::nullopt;
  }

  Fault operator()(const Truth& slot) const {
    const auto* truth = std::get_if<bool>(&value);
    if (truth == nullptr) return "must be true or false";
    slot.field(config) = *truth;
    return std::nullopt;
  }

  Fault operator()(const Count& slot) const {
    const auto number = whole_number(value);
    if (!number || *number < slot.low || *number > slot.high)
      return "must be a whole number from " + std::to_string(slot.low) + " to " +
             std::to_string(slot.high);
    slot.field(config) = static_cast<std::uint32_t>(*number);
    return std::nullopt;
  }

  Fault operator()(const Size& slot) const {
    auto bytes = whole_number(value);
    if (const auto* text = std::get_if<std::string>(&value)) bytes = parse_size(*text);
    if (!bytes || *bytes < slot.low || *bytes > slot.high)
      return "must be a size from " + in_quotes(format_size(slot.low)) + " to " +
             in_quotes(format_size(slot.high));
    slot.field(config) = *bytes;
    return std::nullopt;
  }

  Fault operator()(const Period& slot) const {
    const auto period = read_period();
    const bool is_whole = period && (std::holds_alternative<Field<milliseconds>>(slot.field) ||
                                     period->count() % 1000 == 0);
    if (!is_whole || *period < slot.low || *period > slot.high)
      return "must be a duration from " + in_quotes(seconds_text(slot.low)) + " to " +
             in_quotes(seconds_text(slot.high)) + ", in whole " +
             (std::holds_alternative<Field<seconds>>(slot.field) ? "seconds" : "milliseconds");
    if (const auto* field = std::get_if<Field<seconds>>(&slot.field))
      (*field)(config) = duration_cast<seconds>(*period);
    else std::get<Field<milliseconds>>(slot.field)(config) = *period;
    return std::nullopt;
  }

 private:
  // A bare number is seconds, as it is everywhere in this program.
  [[nodiscard]] std::optional<milliseconds> read_period() const {
    constexpr std::uint64_t seconds_max = 10ULL * 365 * 86400;
    if (const auto number = whole_number(value); number && *number <= seconds_max)
      return seconds{*number};
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return std::nullopt;
    const auto parsed = base::parse_duration(*text);
    if (!parsed || parsed->count() % 1000 != 0) return std::nullopt;
    return duration_cast<milliseconds>(*parsed);
  }
};

struct Describe {
  Config& config;

  std::string operator()(const Text& slot) const { return in_quotes(slot.field(config)); }
  std::string operator()(const TextList& slot) const {
    std::string list;
    for (const auto& text : slot.field(config))
      list += (list.empty() ? "" : ", ") + in_quotes(text);
    return "[" + list + "]";
  }
  std::string operator()(const Truth& slot) const { return slot.field(config) ? "true" : "false"; }
  std::string operator()(const Count& slot) const { return std::to_string(slot.field(config)); }
  std::string operator()(const Size& slot) const {
    return in_quotes(format_size(slot.field(config)));
  }
  std::string operator()(const Period& slot) const {
    return in_quotes(seconds_text(
        std::visit([&](auto field) { return milliseconds(field(config)); }, slot.field)));
  }
};

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c) & 0xffU);
      result += escape.data();
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::optional<std::string> assign(const Setting& setting, Config& config, const Value& value) {
  return std::visit(Assign{config, value}, setting.slot);
}

std::string value_text(const Setting& setting, const Config& config) {
  // Field gives out references to write through; a copy keeps the caller's const.
  Config copy = config;
  return std::visit(Describe{copy}, setting.slot);
}

}  // namespace devy::config
