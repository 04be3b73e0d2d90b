#pragma once
// JSON that comes from elsewhere: a text is parsed once, within the limits of its format, and then
// read by paths ("repository/owner/login"; a number picks an element of an array). Whatever two
// parsers could read differently is refused: a name that comes twice (unless the format permits
// it), a byte behind the document, invalid UTF-8, a number beyond a double.
//
// An error names the format and the path, and quotes nothing of the text, which may be a stranger's
// or hold a secret: "unable to read a webhook's payload: 'repository/id' must be a number".
//
// Values are views that keep the whole document alive. Immutable, so any thread may read one.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/error.hpp"

namespace devy::json {

enum class Repeated { refused, last_counts };

struct Format {
  const char* name = "JSON";  // in errors: "unable to read <name>: …"
  std::size_t bytes_max = 0;
  int depth_max = 64;                  // nested objects and arrays
  std::size_t values_max = 1'000'000;  // of every kind, at any depth; each takes memory
  std::size_t text_bytes_max = 0;      // of a text or a name; 0: bytes_max alone bounds them
  Repeated repeated = Repeated::refused;
  // The errors that reading it throws.
  base::ErrorKind kind = base::ErrorKind::rejected;
  const char* code = "";
  const char* hint = "";
};

// A value of the document, and where it is in it. Reading comes in three kinds of strictness:
//   text()        the member must be there and of that type
//   maybe_text()  nothing when it is absent or null; any other type is an error
//   if_text()     nothing when it is absent or of another type
// Without a path the value itself is meant. Texts are valid UTF-8 without U+0000, which no column
// accepts; whatever else is a string counts as another type, but for if_mended_text().
class Value {
 public:
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] std::size_t size() const;  // of an array or an object; else 0
  // Tells whether something other than null is there; and whether there is anything, even a null.
  [[nodiscard]] bool has(std::string_view path) const;
  [[nodiscard]] bool has_name(std::string_view path) const;

  [[nodiscard]] Value at(std::string_view path) const;
  [[nodiscard]] std::optional<Value> find(std::string_view path) const;  // nothing for a null too

  [[nodiscard]] std::string text(std::string_view path = {}) const;
  [[nodiscard]] std::optional<std::string> maybe_text(std::string_view path = {}) const;
  [[nodiscard]] std::optional<std::string> if_text(std::string_view path = {}) const;
  // Accepts every string, and replaces each U+0000 in it by U+FFFD.
  [[nodiscard]] std::optional<std::string> if_mended_text(std::string_view path = {}) const;

  // A whole number that the type can hold; an error names the type's bounds.
  template <std::integral Number = std::int64_t>
  requires(std::is_signed_v<Number> || sizeof(Number) < sizeof(std::int64_t)) [[nodiscard]] Number
      integer(std::string_view path = {}) const {
    using Bounds = std::numeric_limits<Number>;
    return static_cast<Number>(integer_within(path, Bounds::min(), Bounds::max()));
  }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::string_view path = {}) const;
  [[nodiscard]] std::optional<std::int64_t> if_integer(std::string_view path = {}) const;
  [[nodiscard]] std::optional<double> if_number(std::string_view path = {}) const;  // whole or not

  [[nodiscard]] bool boolean(std::string_view path = {}) const;
  [[nodiscard]] std::optional<bool> maybe_boolean(std::string_view path = {}) const;
  [[nodiscard]] std::optional<bool> if_boolean(std::string_view path = {}) const;

  // The elements of an array.
  [[nodiscard]] std::vector<Value> items(std::string_view path = {}) const;
  [[nodiscard]] std::vector<Value> maybe_items(std::string_view path = {}) const;
  [[nodiscard]] std::vector<Value> if_items(std::string_view path = {}) const;
  // Those of its elements that are texts.
  [[nodiscard]] std::vector<std::string> if_texts(std::string_view path = {}) const;
  // The members of this object, in the order of their names' bytes; none of anything else.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> members() const;

  // The path from the root of the document, for errors that callers write themselves.
  [[nodiscard]] std::string place_of(std::string_view path) const;
  // Throws the error of a member that is not what the caller wants: "a number above 0".
  [[noreturn]] void refuse(std::string_view path, const std::string& wanted) const;

 private:
  struct Tree;
  friend Value parse(std::string_view text, const Format& format);
  Value(std::shared_ptr<const Tree> tree, const void* node, std::string place);
  [[nodiscard]] std::int64_t integer_within(std::string_view path, std::int64_t least,
                                            std::int64_t greatest) const;
  [[nodiscard]] std::vector<Value> items_of(const void* array, std::string_view path) const;

  // Owned by every view of the document, so that none can outlive it.
  std::shared_ptr<const Tree> tree_;
  const void* node_;   // a value of the JSON library, in the tree
  std::string place_;  // the path that leads here; empty at the root
};

// Throws the format's error.
[[nodiscard]] Value parse(std::string_view text, const Format& format);
// Parses only those members of an object whose names satisfy `is_kept`; the others take neither
// time nor memory, and of them only brackets and strings are understood (select_members.hpp).
[[nodiscard]] Value parse_selected(std::string_view text, const Format& format,
                                   const std::function<bool(std::string_view)>& is_kept);
// The format's error for another cause: "it has not the shape of a ping".
[[noreturn]] void refuse(const Format& format, const std::string& cause);

}  // namespace devy::json
