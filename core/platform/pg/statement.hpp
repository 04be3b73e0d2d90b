#pragma once
// One SQL statement, with a name that appears in every error about it. Statements are named
// constants above the functions that use them; SQL is never built from strings (house-style.md,
// "SQL").

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::pg {

struct Statement {
  const char* name;
  const char* sql;
  // The statement is parsed and planned once per session, where the session allows it. Set it for
  // statements that run many times a second and whose plan is right whatever the tables hold, such
  // as a call of one function.
  bool is_hot = false;
  // The server sends the rows in binary form, which Row::bytes() needs. Of such a statement only
  // texts, integers and bytea can be read.
  bool is_binary = false;
};

// A bytea parameter, sent in binary form: as text it would be twice as long, and converted digit by
// digit.
struct Bytes {
  std::string_view view;
};

// Parameters in order, as text except for bytea; the statement gives the types: $1::uuid. They are
// copied, so the original values may be destroyed.
class Params {
 public:
  template <class... Values>
  explicit Params(const Values&... values) {
    values_.reserve(sizeof...(values));
    (add(values), ...);
  }
  Params& add(std::string_view value);
  Params& add(const std::string& value) { return add(std::string_view(value)); }
  Params& add(const char* value) { return add(std::string_view(value)); }
  Params& add(bool value) { return add(std::string_view(value ? "t" : "f")); }
  Params& add(int value) { return add(std::to_string(value)); }
  Params& add(long value) { return add(std::to_string(value)); }
  Params& add(long long value) { return add(std::to_string(value)); }
  Params& add(unsigned value) { return add(std::to_string(value)); }
  Params& add(unsigned long value) { return add(std::to_string(value)); }
  Params& add(unsigned long long value) { return add(std::to_string(value)); }
  Params& add(double value) { return add(std::to_string(value)); }
  Params& add(std::nullopt_t) {
    values_.emplace_back();
    return *this;
  }
  // Adds an array of any type but bytea, in PostgreSQL's own notation.
  Params& add(const std::vector<std::string>& values);
  Params& add(const std::vector<std::optional<std::string>>& values);
  Params& add(Bytes value);
  Params& add(const std::vector<Bytes>& values);  // a bytea[]
  template <class Value>
  Params& add(const std::optional<Value>& value) {
    return value ? add(*value) : add(std::nullopt);
  }

  struct Value {
    std::optional<std::string> content;
    bool is_binary = false;
  };
  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  std::vector<Value> values_;
};

}  // namespace devy::pg
