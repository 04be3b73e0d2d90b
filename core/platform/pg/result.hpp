#pragma once
// The rows of a result. Owns the libpq result; columns are found by name, and their text is
// converted to typed values. A column that does not exist or does not have the requested form
// throws Error(internal) naming the statement. Move-only; one thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"

struct pg_result;

namespace devy::pg {

class Result;

// Borrows its Result, and must not outlive it.
class Row {
 public:
  [[nodiscard]] bool is_null(const char* column) const;
  [[nodiscard]] std::string_view view(const char* column) const;  // "" when null
  [[nodiscard]] std::string text(const char* column) const { return std::string(view(column)); }
  [[nodiscard]] std::optional<std::string> maybe_text(const char* column) const;
  [[nodiscard]] std::int64_t integer(const char* column) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(const char* column) const;
  [[nodiscard]] double real(const char* column) const;
  [[nodiscard]] bool boolean(const char* column) const;
  [[nodiscard]] base::TimePoint time(const char* column) const;
  [[nodiscard]] std::optional<base::TimePoint> maybe_time(const char* column) const;
  [[nodiscard]] std::vector<std::string> texts(const char* column) const;  // a text[]
  // A bytea of a statement that is_binary, borrowed from the result; "" when null. As text it would
  // be twice as long on the wire and in memory, and be converted digit by digit.
  [[nodiscard]] std::string_view bytes(const char* column) const;

 private:
  friend class Result;
  Row(const Result& result, int index) : result_(&result), index_(index) {}
  [[nodiscard]] int column(const char* name) const;
  [[nodiscard]] std::string_view raw(int column) const;
  [[nodiscard]] bool is_binary(int column) const;
  [[nodiscard]] unsigned type(int column) const;  // its oid
  const Result* result_;
  int index_;
};

class Result {
 public:
  Result(pg_result* result, const char* statement);
  Result(Result&&) noexcept = default;
  Result& operator=(Result&&) noexcept = default;

  [[nodiscard]] int size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Row operator[](int index) const { return {*this, index}; }
  [[nodiscard]] std::int64_t affected() const;

  class Iterator {
   public:
    Iterator(const Result& result, int index) : result_(&result), index_(index) {}
    Row operator*() const { return (*result_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const Result* result_;
    int index_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  friend class Row;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
  const char* statement_;
};

// Reads PostgreSQL's array notation of one dimension, for Row::texts.
[[nodiscard]] std::vector<std::string> parse_array(std::string_view text);

}  // namespace devy::pg
