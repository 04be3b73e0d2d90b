#pragma once
// Formats file errors and warnings for people and scripts. Pure.

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/blog/left_out.hpp"

namespace devy::cli {

// {path, line, column, message}; line and column are null when the whole file is meant.
[[nodiscard]] Json file_error_json(const snapshot::FileError& error);
// "path:line:col: message", safe for a terminal.
[[nodiscard]] std::string file_error_line(const snapshot::FileError& error);

// Prints to stdout, one line each: "path:line:col: message", "path:line:col: warning: message".
void print_findings(Context& context, const std::vector<snapshot::FileError>& errors,
                    const std::vector<snapshot::FileError>& warnings);

// "2 of 16 Markdown files left out: …", where there are any.
void say_left_out(Context& context, const blog::LeftOut& left_out);

using base::count_text;

}  // namespace devy::cli
