#pragma once
// JSON that this program writes: an ordered value that is built by hand and printed as one
// document, for people and scripts (dump) or for columns, tokens and servers (compact). Strings may
// hold any bytes; invalid UTF-8 is replaced. Times are RFC 3339 in UTC, absent values null. What
// comes from elsewhere is read with reader.hpp. Values; any thread.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"

namespace devy::json {

// NOLINTBEGIN(google-explicit-constructor): values become JSON where JSON is expected.
class Json {
 public:
  using Fields = std::vector<std::pair<std::string, Json>>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(std::nullopt_t) {}
  Json(bool truth) : kind_(Kind::boolean), number_(truth ? 1 : 0) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Json(Number number)
      : kind_(Kind::integer), number_(static_cast<std::int64_t>(number)) {}
  Json(double number) : kind_(Kind::real), real_(number) {}
  Json(std::string text) : kind_(Kind::text), text_(std::move(text)) {}
  Json(std::string_view text) : Json(std::string(text)) {}
  Json(const char* text) : Json(std::string(text)) {}
  Json(base::TimePoint time);
  template <class Tag>
  Json(const base::Id<Tag>& id) : Json(id.text()) {}
  template <class Value>
  Json(const std::optional<Value>& value) {
    if (value) *this = Json(*value);
  }
  Json(const std::vector<std::string>& texts);

  [[nodiscard]] static Json object(Fields fields = {});
  [[nodiscard]] static Json array(std::vector<Json> items = {});
  // Parses a document stored as text (front_matter_json); null when it is empty or not JSON.
  [[nodiscard]] static Json stored(const std::string& document);

  Json& set(std::string name, Json value);  // adds to an object a name that it does not have yet
  Json& push(Json item);                    // adds to an array
  [[nodiscard]] std::size_t size() const { return fields_.size(); }  // of an object or an array
  // The document is indented by two spaces and does not end in a newline.
  [[nodiscard]] std::string dump() const;
  [[nodiscard]] std::string compact() const;  // in one line without spaces

 private:
  enum class Kind { null, boolean, integer, real, text, array, object, stored };
  friend class JsonPrinter;
  Kind kind_ = Kind::null;
  std::int64_t number_ = 0;
  double real_ = 0;
  std::string text_;
  Fields fields_;  // an array's items have empty names
};
// NOLINTEND(google-explicit-constructor)

// Prints the document and a newline.
void print_json(std::ostream& out, const Json& document);

// Builds an array of {"id": …} for each element, as `list --json` does: json_array(uploads,
// upload_json).
template <class Range, class Function>
[[nodiscard]] Json json_array(const Range& range, Function to_json) {
  auto array = Json::array();
  for (const auto& element : range)
    array.push(to_json(element));
  return array;
}

}  // namespace devy::json
