#include "core/platform/pg/result.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/pg/type_oids.hpp"

namespace devy::pg {
namespace {

[[noreturn]] void bad_column(const char* statement, const char* column, const char* expected) {
  throw base::Error(base::ErrorKind::internal, std::string("unable to read the answer of '") +
                                                   statement + "': column '" + column + "' " +
                                                   expected);
}

// Big-endian, in two's complement. Nothing when it is null or of another type.
std::optional<std::int64_t> binary_integer(std::string_view bytes, unsigned type) {
  if (bytes.empty() || (type != int2_oid && type != int4_oid && type != int8_oid))
    return std::nullopt;
  const bool is_negative = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0;
  std::uint64_t number = is_negative ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes)
    number = number << 8U | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

}  // namespace

void Result::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

Result::Result(pg_result* result, const char* statement) : result_(result), statement_(statement) {}

int Result::size() const {
  return PQntuples(result_.get());
}

std::int64_t Result::affected() const {
  const char* text = PQcmdTuples(result_.get());
  return text == nullptr || *text == '\0' ? 0 : std::strtoll(text, nullptr, 10);
}

int Row::column(const char* name) const {
  const int index = PQfnumber(result_->result_.get(), name);
  if (index < 0) bad_column(result_->statement_, name, "is not there");
  return index;
}

bool Row::is_null(const char* name) const {
  return PQgetisnull(result_->result_.get(), index_, column(name)) != 0;
}

std::string_view Row::raw(int column) const {
  const auto* result = result_->result_.get();
  return {PQgetvalue(result, index_, column),
          static_cast<std::size_t>(PQgetlength(result, index_, column))};
}

bool Row::is_binary(int column) const {
  return PQfformat(result_->result_.get(), column) != 0;
}

unsigned Row::type(int column) const {
  return PQftype(result_->result_.get(), column);
}

// The binary form of a text is its text.
std::string_view Row::view(const char* name) const {
  const int index = column(name);
  if (is_binary(index) && type(index) != text_oid)
    bad_column(result_->statement_, name, "is not a text");
  return raw(index);
}

std::string_view Row::bytes(const char* name) const {
  const int index = column(name);
  if (!is_binary(index) || type(index) != bytea_oid)
    bad_column(result_->statement_, name, "is not a bytea in binary form");
  return raw(index);
}

std::optional<std::string> Row::maybe_text(const char* name) const {
  if (is_null(name)) return std::nullopt;
  return text(name);
}

std::int64_t Row::integer(const char* name) const {
  if (const int index = column(name); is_binary(index)) {
    if (const auto number = binary_integer(raw(index), type(index))) return *number;
    bad_column(result_->statement_, name, "is not an integer");
  }
  const auto value = view(name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size())
    bad_column(result_->statement_, name, "is not an integer");
  return number;
}

std::optional<std::int64_t> Row::maybe_integer(const char* name) const {
  if (is_null(name)) return std::nullopt;
  return integer(name);
}

double Row::real(const char* name) const {
  const auto value = view(name);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size())
    bad_column(result_->statement_, name, "is not a number");
  return number;
}

bool Row::boolean(const char* name) const {
  const auto value = view(name);
  if (value != "t" && value != "f") bad_column(result_->statement_, name, "is not a boolean");
  return value == "t";
}

base::TimePoint Row::time(const char* name) const {
  // Sessions set timezone UTC and datestyle ISO: "2026-01-02 03:04:05.678901+00".
  const auto time = base::parse_rfc3339(text(name) + ":00");
  if (!time) bad_column(result_->statement_, name, "is not a time");
  return *time;
}

std::optional<base::TimePoint> Row::maybe_time(const char* name) const {
  if (is_null(name)) return std::nullopt;
  return time(name);
}

std::vector<std::string> Row::texts(const char* name) const {
  return parse_array(view(name));
}

std::vector<std::string> parse_array(std::string_view text) {
  std::vector<std::string> values;
  if (text.size() < 2 || text == "{}") return values;
  text = text.substr(1, text.size() - 2);
  std::string value;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == '\\' && i + 1 < text.size()) {
      value += text[++i];
    } else if (c == ',' && !is_quoted) {
      values.push_back(std::move(value));
      value.clear();
    } else {
      value += c;
    }
  }
  values.push_back(std::move(value));
  return values;
}

}  // namespace devy::pg
