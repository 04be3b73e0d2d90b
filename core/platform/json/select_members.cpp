#include "core/platform/json/select_members.hpp"

#include <algorithm>

namespace devy::json {
namespace {

// Positions are into the whole text; npos stands for "malformed".
constexpr auto npos = std::string_view::npos;

std::size_t skip_space(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of(" \t\r\n", at), json.size());
}

// From an opening quote to behind the closing one.
std::size_t skip_string(std::string_view json, std::size_t at) {
  const auto begin = at + 1;
  for (auto quote = json.find('"', begin); quote != npos; quote = json.find('"', quote + 1)) {
    // Escaped by an odd number of backslashes; each of them is counted once.
    auto slash = quote;
    while (slash > begin && json[slash - 1] == '\\')
      --slash;
    if ((quote - slash) % 2 == 0) return quote + 1;
  }
  return npos;
}

std::size_t skip_scalar(std::string_view json, std::size_t at) {
  const auto end = std::min(json.find_first_of(",]} \t\r\n", at), json.size());
  return end == at ? npos : end;
}

// From an opening bracket to behind the one that closes it.
std::size_t skip_nested(std::string_view json, std::size_t at, int depth_max) {
  std::string open;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = skip_string(json, at);
      if (at == npos) return npos;
      continue;
    }
    if (c == '{' || c == '[') {
      if (static_cast<int>(open.size()) >= depth_max) return npos;
      open += c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (open.back() != c) return npos;
      open.pop_back();
      if (open.empty()) return at + 1;
    }
    ++at;
  }
  return npos;
}

std::size_t skip_value(std::string_view json, std::size_t at, int depth_max) {
  if (at >= json.size()) return npos;
  if (json[at] == '"') return skip_string(json, at);
  if (json[at] == '{' || json[at] == '[') return skip_nested(json, at, depth_max);
  return skip_scalar(json, at);
}

}  // namespace

std::optional<std::string> select_members(std::string_view json, int depth_max,
                                          const std::function<bool(std::string_view)>& is_kept) {
  auto at = skip_space(json, 0);
  if (at == json.size() || json[at] != '{') return std::nullopt;
  std::string kept = "{";
  at = skip_space(json, at + 1);
  bool is_first = true;
  while (at < json.size() && (json[at] != '}' || !is_first)) {
    if (json[at] != '"') return std::nullopt;
    const auto begin = at;
    const auto name_end = skip_string(json, at);
    if (name_end == npos) return std::nullopt;
    const auto name = json.substr(begin + 1, name_end - begin - 2);
    at = skip_space(json, name_end);
    if (at == json.size() || json[at] != ':') return std::nullopt;
    at = skip_value(json, skip_space(json, at + 1), depth_max - 1);
    if (at == npos) return std::nullopt;
    if (is_kept(name) || name.find('\\') != npos) {
      if (kept.size() > 1) kept += ',';
      kept += json.substr(begin, at - begin);
    }
    is_first = false;
    at = skip_space(json, at);
    if (at == json.size() || json[at] == '}') break;
    if (json[at] != ',') return std::nullopt;
    at = skip_space(json, at + 1);
  }
  if (at == json.size() || skip_space(json, at + 1) != json.size()) return std::nullopt;
  return kept + "}";
}

}  // namespace devy::json
