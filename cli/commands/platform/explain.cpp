#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/closest_name.hpp"
#include "embedded/error_codes_txt.hpp"

// `explain`: what the codes of errors mean, and what to do. They stand in error_codes.txt, a code a
// line with its cause and the next step; tests/scripts/error_codes_test.sh says which are missing.

namespace devy::cli {
namespace {

struct ErrorCode {
  std::string code, cause, next;
};

// Removes what stands before the first `mark` and the mark from `text`, and returns it.
std::string cut_before(std::string_view& text, char mark) {
  const auto end = std::min(text.find(mark), text.size());
  std::string part(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::vector<ErrorCode> error_codes() {
  std::vector<ErrorCode> codes;
  std::string_view text = embedded::error_codes_txt;
  while (!text.empty()) {
    const auto whole = cut_before(text, '\n');
    std::string_view line = whole;
    auto code = cut_before(line, '|');
    auto cause = cut_before(line, '|');
    codes.push_back({std::move(code), std::move(cause), std::string(line)});
  }
  std::ranges::sort(codes, {}, &ErrorCode::code);
  return codes;
}

Json error_code_json(const ErrorCode& code) {
  return Json::object({{"code", code.code}, {"cause", code.cause}, {"next", code.next}});
}

int explain_one(Context& context, const std::vector<ErrorCode>& codes, const std::string& wanted) {
  const auto found = std::ranges::find(codes, wanted, &ErrorCode::code);
  if (found == codes.end()) {
    std::vector<std::string> known;
    for (const auto& code : codes)
      known.push_back(code.code);
    const auto near = base::closest_name(wanted, std::span<const std::string>(known));
    throw base::Error(base::ErrorKind::not_found,
                      "unable to explain '" + wanted + "': no such code",
                      (near ? "Did you mean `" + std::string(*near) + "`? " : std::string()) +
                          "`devy-upload explain` lists all.");
  }
  if (context.is_json()) {
    print_json(context.out(), error_code_json(*found));
    return exit_ok;
  }
  context.out() << paint(found->code, Color::bold, context.terminal().is_out_colored) << "\n  "
                << found->cause << "\n  " << found->next << '\n';
  return exit_ok;
}

int run_explain(Context& context, const Arguments& arguments) {
  const auto codes = error_codes();
  if (const auto wanted = arguments.text("code")) return explain_one(context, codes, *wanted);
  if (context.is_json()) {
    print_json(context.out(), json_array(codes, error_code_json));
    return exit_ok;
  }
  Table table({{"CODE"},
               {.title = "CAUSE", .is_elastic = true},
               {.title = "NEXT STEP", .is_elastic = true}});
  for (const auto& code : codes)
    table.add({code.code, code.cause, code.next});
  table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& explain_command() {
  static const Command command{
      .name = "explain",
      .summary = "say what an error code means, and what to do",
      .help =
          "Error codes stand in `list`, `inspect`, the log, the metrics and the JSON of errors. "
          "Without a code all of them are listed. It needs no database.",
      .examples = {"devy-upload explain fetch_stalled", "devy-upload list --code fetch_stalled"},
      .positionals = {{.name = "code", .help = "as `list` shows it", .is_optional = true}},
      .name_field = "code",
      .is_paged = true,
      .run = run_explain};
  return command;
}

}  // namespace devy::cli
