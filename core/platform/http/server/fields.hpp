#pragma once
// The named values of a query or a form, read by strict rules: escapes that are none, invalid UTF-8
// and control characters are refused, and so is a name that comes twice where one value is asked
// for. Values stay as they were sent but for their escapes. A value; it may be held by any thread,
// and what it returns lives as long as it does.
//
// A refusal is an Error(usage), code "fields_malformed", whose text quotes the field's name and
// never its value: a value may be a secret.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::server {

class Fields {
 public:
  struct Limits {
    std::size_t bytes_max;  // before decoding
    std::size_t fields_max;
  };
  static constexpr std::size_t name_bytes_max = 64;  // after decoding

  Fields() = default;
  // Reads "name=value&name=value". A field without a '=' is empty.
  Fields(std::string_view encoded, Limits limits);

  [[nodiscard]] bool has(std::string_view name) const;
  // A value of one line; nothing when it is not there. Throws when it comes twice, or has a control
  // character.
  [[nodiscard]] std::optional<std::string_view> line(std::string_view name) const;
  // The value of a text area, with its line ends as "\n". Throws when it comes twice.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  // The values of a field that may come several times, such as checked boxes, in their order; each
  // has one line.
  [[nodiscard]] std::vector<std::string_view> list(std::string_view name) const;
  // All fields in their order, for a page that keeps what it was asked for. Values may hold tabs
  // and line ends.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
    return fields_;
  }

 private:
  [[nodiscard]] const std::string* only(std::string_view name) const;
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Decodes one part of a path, as `path_values` has them; nothing when it has an escape that is
// none, invalid UTF-8, a control character or a '/'.
[[nodiscard]] std::optional<std::string> decoded_path_part(std::string_view part);

}  // namespace devy::server
