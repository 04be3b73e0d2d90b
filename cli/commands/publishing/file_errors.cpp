#include "cli/commands/publishing/file_errors.hpp"

#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

// Paths have their own limit (limits.path_bytes_max); a message says what a screen can hold.
constexpr std::size_t line_bytes_max = 2'048;

Json number_or_null(std::uint32_t number) {
  return number == 0 ? Json() : Json(number);
}

}  // namespace

Json file_error_json(const snapshot::FileError& error) {
  return Json::object({{"path", error.path},
                       {"line", number_or_null(error.line)},
                       {"column", number_or_null(error.column)},
                       {"message", error.message}});
}

std::string file_error_line(const snapshot::FileError& error) {
  return base::safe_text(snapshot::to_string(error), line_bytes_max);
}

void print_findings(Context& context, const std::vector<snapshot::FileError>& errors,
                    const std::vector<snapshot::FileError>& warnings) {
  const bool is_colored = context.terminal().is_out_colored;
  for (const auto& error : errors)
    context.out() << paint(file_error_line(error), Color::red, is_colored) << '\n';
  for (auto warning : warnings) {
    warning.message = "warning: " + warning.message;
    context.out() << paint(file_error_line(warning), Color::yellow, is_colored) << '\n';
  }
}

void say_left_out(Context& context, const blog::LeftOut& left_out) {
  if (const auto text = blog::left_out_text(left_out); !text.empty())
    context.say(base::safe_text(text, line_bytes_max));
}

}  // namespace devy::cli
