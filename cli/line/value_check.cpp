#include "cli/line/value_check.hpp"

#include <algorithm>
#include <charconv>

#include "cli/line/moment.hpp"
#include "cli/line/word_list.hpp"
#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

void check_choice(const std::string& what, const std::vector<std::string>& choices,
                  const std::string& value) {
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  const auto near = base::closest_name(value, choices);
  throw Error(ErrorKind::usage, "invalid " + what + ": '" + value + "'",
              (near ? "Did you mean `" + std::string(*near) + "`? " : std::string()) +
                  "It is one of " + joined(choices, ", ") + ".");
}

void check_number(const std::string& what, const Option& option, const std::string& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_number = error == std::errc{} && end == value.data() + value.size();
  if (is_number && number >= option.least && number <= option.most) return;
  throw Error(ErrorKind::usage, "invalid " + what + ": '" + value + "'",
              "It is a whole number from " + std::to_string(option.least) + " to " +
                  std::to_string(option.most) + ".");
}

void check_duration(const std::string& what, const std::string& value) {
  if (base::parse_duration(value)) return;
  throw Error(ErrorKind::usage, "invalid " + what + ": '" + value + "'",
              "It is a duration such as 90s, 15m, 1h30m or 7d.");
}

void check_moment(const std::string& what, const std::string& value) {
  if (parse_moment(value, base::TimePoint{})) return;
  throw Error(ErrorKind::usage, "invalid " + what + ": '" + value + "'",
              "It is how long ago (90s, 1h, 7d), today, yesterday, a day (2026-11-29), a time "
              "(20:00) or both, in UTC.");
}

void check_kind(const std::string& what, const Option& option, const std::string& value) {
  switch (option.kind) {
    case ValueKind::number: return check_number(what, option, value);
    case ValueKind::duration: return check_duration(what, value);
    case ValueKind::moment: return check_moment(what, value);
    case ValueKind::text:
    case ValueKind::file:
    case ValueKind::directory:
    case ValueKind::blog:
    case ValueKind::upload:
    case ValueKind::account:
    case ValueKind::post:
    case ValueKind::delivery: return;
  }
}

std::vector<std::string> split_at_commas(const std::vector<std::string>& values) {
  std::vector<std::string> parts;
  for (const auto& value : values) {
    std::size_t begin = 0;
    while (begin <= value.size()) {
      const auto end = std::min(value.find(',', begin), value.size());
      parts.push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return parts;
}

}  // namespace

void check_options(const std::vector<Option>& options,
                   std::map<std::string, std::vector<std::string>>& given) {
  for (const auto& option : options) {
    const auto found = given.find(option.name);
    if (found == given.end() || option.value.empty()) continue;
    if (option.is_repeatable) found->second = split_at_commas(found->second);
    const auto what = "value of --" + option.name;
    for (const auto& value : found->second) {
      check_choice(what, option.choices, value);
      check_kind(what, option, value);
    }
  }
}

void check_positional(const Positional& positional, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    check_choice("<" + positional.name + ">", positional.choices, value);
    if (value.empty()) throw Error(ErrorKind::usage, "empty argument: <" + positional.name + ">");
  }
}

}  // namespace devy::cli
