#include "core/pg/statement.hpp"

namespace devy::pg {

Params& Params::add(std::string_view value) {
  values_.emplace_back(value);
  return *this;
}

Params& Params::add(const std::vector<std::string>& values) {
  std::string array = "{";
  for (const auto& value : values) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  values_.emplace_back(array + "}");
  return *this;
}

}  // namespace devy::pg
