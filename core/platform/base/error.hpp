#pragma once
// The one exception type of this program, and the one table that says what an error means outside.
//
// Thrown for what ends the current unit of work (a command, an attempt, a request); what the domain
// expects is a return value instead. Text: "unable to <verb> <object>: <cause>", lower case, no
// full stop. Hint: one full sentence that tells the operator what to do, or empty.
// Errors are values: copy them between threads freely.

#include <exception>
#include <string>
#include <string_view>

namespace devy::base {

// The kind is chosen by what the caller should do, not by where the error occurred.
enum class ErrorKind {
  usage,        // the command was called wrongly
  config,       // a configuration file or option is wrong
  not_found,    // the thing named does not exist, or the name is ambiguous
  conflict,     // it exists, but in a state that does not allow this
  rejected,     // the input (a repository, a file) breaks a rule; trying again changes nothing
  denied,       // no permission
  busy,         // a limit or a lock is in the way; worth another try
  unavailable,  // a server is away or slow; worth another try
  stopped,      // somebody asked for the work to stop
  internal,     // a bug, or a resource (memory, disk) ran out
};

[[nodiscard]] std::string_view to_string(ErrorKind kind);
[[nodiscard]] ErrorKind parse_kind(std::string_view name);  // `internal` when no kind has that name

class Error : public std::exception {
 public:
  // `code` is the stable machine name (`fetch_stalled`); empty means the kind's own name.
  Error(ErrorKind kind, std::string text, std::string hint = {}, std::string code = {});

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& hint() const { return hint_; }
  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  ErrorKind kind_;
  std::string text_, hint_, code_;
};

// The table that maps an error to the process exit code (cli.md), to whether another attempt may
// succeed, and to the HTTP status.
[[nodiscard]] int exit_code(const Error& error);
[[nodiscard]] bool is_retryable(ErrorKind kind);
// Tells whether a server is away or a lock in the way: the same call may succeed in a moment.
[[nodiscard]] bool is_passing(ErrorKind kind);
[[nodiscard]] int http_status(ErrorKind kind);

}  // namespace devy::base
