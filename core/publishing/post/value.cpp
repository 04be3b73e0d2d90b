#include "core/publishing/post/value.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>

#include "core/platform/json/json.hpp"

namespace devy::post {
namespace {

using json::Json;

template <class Number>
Json to_number(std::string_view text) {
  auto digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // Beyond 64 bits, not a number, or infinite: JSON cannot represent it.
  if (error != std::errc{} || end != digits.data() + digits.size()) return digits;
  if (std::is_floating_point_v<Number> && !std::isfinite(static_cast<double>(number))) return text;
  return number;
}

Json convert(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null: return nullptr;
    case Value::Kind::boolean: return value.text == "true";
    case Value::Kind::integer: return to_number<std::int64_t>(value.text);
    case Value::Kind::real: return to_number<double>(value.text);
    case Value::Kind::date:
    case Value::Kind::text: return value.text;
    case Value::Kind::list: {
      auto list = Json::array();
      for (const auto& item : value.items)
        list.push(convert(item));
      return list;
    }
    case Value::Kind::map: {
      std::map<std::string_view, const Value*> members;
      for (const auto& [key, member] : value.members)
        members.insert_or_assign(key, &member);
      auto object = Json::object();
      for (const auto& [key, member] : members)
        object.set(std::string(key), convert(*member));
      return object;
    }
  }
  return nullptr;
}

// PostgreSQL's jsonb refuses an escaped U+0000, which "\0" in YAML and TOML can make.
void drop_nul(std::string& text) {
  constexpr std::string_view escape = "\\u0000";
  for (std::size_t at = 0; (at = text.find(escape, at)) != std::string::npos;) {
    std::size_t backslashes = 0;
    while (backslashes < at && text[at - 1 - backslashes] == '\\')
      ++backslashes;
    if (backslashes % 2 == 0) text.erase(at, escape.size());
    else at += escape.size();
  }
}

}  // namespace

std::string to_json(const Value& value) {
  std::string text = convert(value).compact();
  drop_nul(text);
  return text;
}

}  // namespace devy::post
