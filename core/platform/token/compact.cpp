#include "core/platform/token/compact.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "core/platform/base/ascii.hpp"

namespace devy::token {
namespace {

using nlohmann::json;

constexpr int depth_max = 8;

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (base::is_lower_letter(c)) return c - 'a' + 26;
  if (base::is_digit(c)) return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 0xffU);
    buffer &= (1U << static_cast<unsigned>(bits)) - 1;
  }
  // With two spellings, one token would be two tokens to a deny list.
  if (buffer != 0) return std::nullopt;
  return bytes;
}

struct StrictObject::Value {
  json value;
};

StrictObject::StrictObject(std::unique_ptr<Value> value) : value_(std::move(value)) {}
StrictObject::StrictObject(StrictObject&&) noexcept = default;
StrictObject& StrictObject::operator=(StrictObject&&) noexcept = default;
StrictObject::~StrictObject() = default;

std::optional<StrictObject> StrictObject::parse(std::string_view text) {
  bool is_strict = true;
  std::vector<std::set<std::string>> names;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key)
      is_strict &= names.back().insert(value.get<std::string>()).second;
    is_strict &= depth <= depth_max;
    return is_strict;
  };
  auto parsed = json::parse(text.begin(), text.end(), watch, false);
  if (!is_strict || !parsed.is_object()) return std::nullopt;
  return StrictObject(std::make_unique<Value>(Value{std::move(parsed)}));
}

bool StrictObject::has(const char* name) const {
  return value_->value.contains(name);
}

std::optional<std::string> StrictObject::text(const char* name) const {
  const auto found = value_->value.find(name);
  if (found == value_->value.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<double> StrictObject::number(const char* name) const {
  const auto found = value_->value.find(name);
  if (found == value_->value.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::vector<std::string> StrictObject::texts(const char* name) const {
  std::vector<std::string> texts;
  const auto found = value_->value.find(name);
  if (found == value_->value.end()) return texts;
  if (found->is_string()) return {found->get<std::string>()};
  if (!found->is_array()) return texts;
  for (const auto& entry : *found)
    if (entry.is_string()) texts.push_back(entry.get<std::string>());
  return texts;
}

std::vector<StrictObject> StrictObject::objects(const char* name) const {
  std::vector<StrictObject> objects;
  const auto found = value_->value.find(name);
  if (found == value_->value.end() || !found->is_array()) return objects;
  for (const auto& entry : *found)
    if (entry.is_object()) objects.push_back(StrictObject(std::make_unique<Value>(Value{entry})));
  return objects;
}

}  // namespace devy::token
