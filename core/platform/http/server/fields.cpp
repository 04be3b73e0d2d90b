#include "core/platform/http/server/fields.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::server {
namespace {

[[noreturn]] void refuse_fields(const std::string& cause) {
  throw base::Error(base::ErrorKind::usage, "unable to read the fields of the request: " + cause,
                    "Send each field once, percent-encoded and as valid UTF-8.",
                    "fields_malformed");
}

bool is_line_end_or_tab(char byte) {
  return byte == '\t' || byte == '\r' || byte == '\n';
}

// Line ends and tabs pass here: a text area has them, and whoever asks for a line is told.
bool has_refused_character(std::string text) {
  std::ranges::replace_if(text, is_line_end_or_tab, ' ');
  return base::has_control_character(text);
}

std::string decoded_name(std::string_view encoded) {
  auto name = base::form_decoded(encoded);
  if (!name || name->empty() || name->size() > Fields::name_bytes_max ||
      !base::is_valid_utf8(*name) || base::has_control_character(*name))
    refuse_fields("a name is malformed");
  return *std::move(name);
}

const std::string& checked_line(const std::string& name, const std::string& value) {
  if (base::has_control_character(value))
    refuse_fields(base::in_quotes(name) + " has a control character");
  return value;
}

}  // namespace

Fields::Fields(std::string_view encoded, Limits limits) {
  if (encoded.size() > limits.bytes_max)
    refuse_fields("they are longer than " + std::to_string(limits.bytes_max) + " bytes");
  while (!encoded.empty()) {
    const auto end = std::min(encoded.find('&'), encoded.size());
    const auto pair = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (pair.empty()) continue;
    if (fields_.size() == limits.fields_max)
      refuse_fields("there are more than " + std::to_string(limits.fields_max));
    const auto mark = std::min(pair.find('='), pair.size());
    auto name = decoded_name(pair.substr(0, mark));
    auto value = base::form_decoded(pair.substr(std::min(mark + 1, pair.size())));
    if (!value) refuse_fields(base::in_quotes(name) + " has a malformed escape");
    if (!base::is_valid_utf8(*value)) refuse_fields(base::in_quotes(name) + " is not UTF-8");
    if (has_refused_character(*value))
      refuse_fields(base::in_quotes(name) + " has a control character");
    fields_.emplace_back(std::move(name), *std::move(value));
  }
}

bool Fields::has(std::string_view name) const {
  return std::ranges::any_of(fields_, [&](const auto& field) { return field.first == name; });
}

const std::string* Fields::only(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [candidate, value] : fields_) {
    if (candidate != name) continue;
    if (found != nullptr) refuse_fields(base::in_quotes(name) + " comes twice");
    found = &value;
  }
  return found;
}

std::optional<std::string_view> Fields::line(std::string_view name) const {
  const auto* value = only(name);
  if (value == nullptr) return std::nullopt;
  return checked_line(std::string(name), *value);
}

std::optional<std::string> Fields::text(std::string_view name) const {
  const auto* value = only(name);
  if (value == nullptr) return std::nullopt;
  std::string text;
  text.reserve(value->size());
  for (std::size_t i = 0; i < value->size(); ++i) {
    const char byte = (*value)[i];
    if (byte == '\r' && i + 1 < value->size() && (*value)[i + 1] == '\n') continue;
    text += byte == '\r' ? '\n' : byte;
  }
  return text;
}

std::vector<std::string_view> Fields::list(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [candidate, value] : fields_)
    if (candidate == name) values.emplace_back(checked_line(candidate, value));
  return values;
}

std::optional<std::string> decoded_path_part(std::string_view part) {
  for (auto rest = part; !rest.empty();) {
    const auto mark = rest.find('%');
    if (mark == std::string_view::npos) break;
    rest.remove_prefix(mark + 1);
    if (!base::form_decoded("%" + std::string(rest.substr(0, 2)))) return std::nullopt;
  }
  auto decoded = base::percent_decoded(part);
  if (!base::is_valid_utf8(decoded) || base::has_control_character(decoded) ||
      decoded.find('/') != std::string::npos)
    return std::nullopt;
  return decoded;
}

}  // namespace devy::server
