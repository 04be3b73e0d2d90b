#include "core/mirror/records/column.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/platform/base/time_text.hpp"

namespace devy::records {
namespace {

// Tells whether the member, or a document on the way to it, is there as a null.
bool is_null_at(const json::Value& document, std::string_view path) {
  for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1))
    if (!document.has(path.substr(0, end))) return document.has_name(path.substr(0, end));
  return document.has_name(path) && !document.has(path);
}

// The years that both RFC 3339 and PostgreSQL write with four digits.
bool is_storable(base::TimePoint time) {
  using std::chrono::sys_days;
  using std::chrono::year;
  constexpr base::TimePoint first = sys_days(year(1) / 1 / 1);
  constexpr base::TimePoint end = sys_days(year(9999) / 12 / 31);
  return first <= time && time < end;
}

// A hook's configuration has the secret that signs its deliveries, which no reader of the table may
// know; and no column accepts a name with U+0000.
bool is_kept(const std::string& name) {
  return name != "secret" && name.find('\0') == std::string::npos;
}

json::Json copy_of(const json::Value& value) {
  if (value.is_object()) {
    json::Json::Fields fields;
    for (const auto& [name, member] : value.members())
      if (is_kept(name)) fields.emplace_back(name, copy_of(member));
    return json::Json::object(std::move(fields));
  }
  if (value.is_array()) {
    std::vector<json::Json> items;
    for (const auto& item : value.items())
      items.push_back(copy_of(item));
    return json::Json::array(std::move(items));
  }
  if (auto text = value.if_mended_text()) return {*std::move(text)};
  if (const auto number = value.if_integer()) return {*number};
  if (const auto number = value.if_number()) return {*number};
  return value.if_boolean();
}

std::optional<json::Json> read_texts(const json::Value& document, const Column& column) {
  const auto list = document.find(column.path);
  if (!list || !list->is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& item : list->items()) {
    if (texts.size() == texts_max) break;
    if (auto text = item.if_mended_text())
      texts.push_back(cut_text(*std::move(text), column.bytes_max));
  }
  return json::Json(texts);
}

std::optional<json::Json> read_document(const json::Value& document, const Column& column) {
  const auto found = document.find(column.path);
  if (!found || !found->is_object()) return std::nullopt;
  auto copy = copy_of(*found);
  if (copy.compact().size() > document_bytes_max) return std::nullopt;
  return copy;
}

std::optional<json::Json> read_value(const json::Value& document, const Column& column) {
  switch (column.type) {
    case Type::id:
      if (const auto id = document.if_integer(column.path)) return json::Json(*id);
      return std::nullopt;
    case Type::count: {
      using Bounds = std::numeric_limits<std::int32_t>;
      const auto count = document.if_integer(column.path);
      if (!count || *count < Bounds::min() || *count > Bounds::max()) return std::nullopt;
      return json::Json(*count);
    }
    case Type::boolean:
      if (const auto truth = document.if_boolean(column.path)) return json::Json(*truth);
      return std::nullopt;
    case Type::time:
      if (const auto time = read_time(document, column.path)) return json::Json(*time);
      return std::nullopt;
    case Type::text:
      if (auto text = document.if_mended_text(column.path))
        return json::Json(cut_text(*std::move(text), column.bytes_max));
      return std::nullopt;
    case Type::texts: return read_texts(document, column);
    case Type::document: return read_document(document, column);
  }
  return std::nullopt;
}

}  // namespace

std::optional<json::Json> read_column(const json::Value& document, const Column& column) {
  if (auto value = read_value(document, column)) return value;
  if (is_null_at(document, column.path)) return json::Json(nullptr);
  return std::nullopt;
}

json::Json::Fields read_columns(const json::Value& document, std::span<const Column> columns) {
  json::Json::Fields fields;
  fields.reserve(columns.size());
  for (const auto& column : columns)
    if (auto value = read_column(document, column))
      fields.emplace_back(column.name, *std::move(value));
  return fields;
}

std::optional<base::TimePoint> read_time(const json::Value& document, std::string_view path) {
  std::optional<base::TimePoint> time;
  if (const auto seconds = document.if_integer(path)) {
    constexpr std::int64_t seconds_max = 253'402'300'799;  // the end of the year 9999
    if (*seconds >= 0 && *seconds <= seconds_max)
      time = base::TimePoint(std::chrono::seconds(*seconds));
  } else if (const auto text = document.if_text(path)) {
    time = base::parse_rfc3339(*text);
  }
  if (time && !is_storable(*time)) return std::nullopt;
  return time;
}

std::string cut_text(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  // The bytes of a character behind its first one are 10xxxxxx.
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0U) == 0x80)
    --bytes_max;
  text.resize(bytes_max);
  return text;
}

void set_column(json::Json::Fields& columns, std::string_view name, json::Json value) {
  for (auto& [known, old] : columns) {
    if (known != name) continue;
    old = std::move(value);
    return;
  }
  columns.emplace_back(name, std::move(value));
}

const json::Json* find_column(const json::Json::Fields& columns, std::string_view name) {
  for (const auto& [known, value] : columns)
    if (known == name) return &value;
  return nullptr;
}

}  // namespace devy::records
