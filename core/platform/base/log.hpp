#pragma once
// Structured log lines on stderr: a fixed event phrase in the past tense, and fields. The only user
// of spdlog. Any thread. Values pass redact() and safe_text(), so a line contains no secret and no
// control character, and one event is one line. Even so, never log a body or a token.

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace devy::base::log {

enum class Level { debug, info, warning, error, off };
enum class Format { logfmt, json };

struct Field {
  Field(std::string_view name, std::string_view text) : key(name), value(text), is_text(true) {}
  Field(std::string_view name, const std::string& text) : key(name), value(text), is_text(true) {}
  Field(std::string_view name, const char* text) : key(name), value(text), is_text(true) {}
  Field(std::string_view name, bool truth)
      : key(name), value(truth ? "true" : "false"), is_text(false) {}
  template <class Number>
  requires((std::integral<Number> || std::floating_point<Number>)&&!std::same_as<Number, bool>)
      Field(std::string_view name, Number number)
      : key(name), value(std::to_string(number)), is_text(false) {}

  std::string_view key;
  std::string value;
  bool is_text;
};
using Fields = std::initializer_list<Field>;

// Call it once, early; the default is `info` in logfmt.
void configure(Level level, Format format);

// Fields that are appended to every log line of this process while the object lives, unless the
// line has a field of that name itself. They name the one thing that the process works on. Scopes
// nest.
class Scope {
 public:
  Scope(Fields fields);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope();

 private:
  std::size_t before_;
};

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

// Formats a line without time and level, with the fields of the surrounding scopes; for tests.
[[nodiscard]] std::string format_line(std::string_view event, Fields fields, Format format);

}  // namespace devy::base::log
