#include "core/publishing/markdown/value.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

namespace devy::markdown {
namespace {

using nlohmann::json;

template <class Number>
json to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return text;  // beyond 64 bits, infinite, or not a number: JSON cannot represent it
}

json convert(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null: return nullptr;
    case Value::Kind::boolean: return value.text == "true";
    case Value::Kind::integer: return to_number<std::int64_t>(value.text);
    case Value::Kind::real: {
      json number = to_number<double>(value.text);
      const bool is_finite = !number.is_number() || std::isfinite(number.get<double>());
      return is_finite ? number : json(value.text);
    }
    case Value::Kind::date:
    case Value::Kind::text: return value.text;
    case Value::Kind::list: {
      json list = json::array();
      for (const auto& item : value.items)
        list.push_back(convert(item));
      return list;
    }
    case Value::Kind::map: {
      json object = json::object();
      for (const auto& [key, member] : value.members)
        object[key] = convert(member);
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
  std::string text = convert(value).dump(-1, ' ', false, json::error_handler_t::replace);
  drop_nul(text);
  return text;
}

}  // namespace devy::markdown
