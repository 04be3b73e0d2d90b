#include "core/platform/pg/statement.hpp"

#include <cstdint>

#include "core/platform/pg/type_oids.hpp"

namespace devy::pg {
namespace {

void append_quoted(std::string& array, std::string_view value) {
  array += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

// As the protocol has integers.
void append_big_endian(std::string& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> static_cast<unsigned>(shift) & 0xffU);
}

}  // namespace

Params& Params::add(std::string_view value) {
  values_.push_back({std::string(value), false});
  return *this;
}

Params& Params::add(const std::vector<std::string>& values) {
  std::string array = "{";
  for (const auto& value : values) {
    if (array.size() > 1) array += ',';
    append_quoted(array, value);
  }
  values_.push_back({array + "}", false});
  return *this;
}

Params& Params::add(const std::vector<std::optional<std::string>>& values) {
  std::string array = "{";
  for (const auto& value : values) {
    if (array.size() > 1) array += ',';
    if (value) append_quoted(array, *value);
    else array += "null";
  }
  values_.push_back({array + "}", false});
  return *this;
}

Params& Params::add(Bytes value) {
  values_.push_back({std::string(value.view), true});
  return *this;
}

// Dimensions, whether there are nulls, the type; then each dimension's length and lower bound, and
// each element with its length before it.
Params& Params::add(const std::vector<Bytes>& values) {
  std::size_t length = 5 * sizeof(std::uint32_t);
  for (const auto& value : values)
    length += sizeof(std::uint32_t) + value.view.size();
  std::string array;
  array.reserve(length);
  append_big_endian(array, values.empty() ? 0 : 1);
  append_big_endian(array, 0);
  append_big_endian(array, bytea_oid);
  if (!values.empty()) {
    append_big_endian(array, static_cast<std::uint32_t>(values.size()));
    append_big_endian(array, 1);
  }
  for (const auto& value : values) {
    append_big_endian(array, static_cast<std::uint32_t>(value.view.size()));
    array += value.view;
  }
  values_.push_back({std::move(array), true});
  return *this;
}

}  // namespace devy::pg
