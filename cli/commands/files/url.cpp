#include <chrono>

#include "cli/commands/files/shown_file.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/link.hpp"
#include "core/platform/token/sealing.hpp"

// `file url`: a link to the bytes of a file.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

int print_url(Context& context, const Arguments& arguments) {
  const auto& settings = context.config().files;
  if (settings.public_url.empty())
    throw Error(ErrorKind::config, "files.public_url is not set, so there are no links",
                "Set it, and files.link_key_file, to a name at which the web role is.");
  const auto file = required_file(context, arguments.required("id"));
  if (!file.is_whole())
    throw Error(ErrorKind::conflict, "the file is " + file.state + ", and has no bytes to get",
                "`devy-upload file show` says more.", "not_ready");
  const std::chrono::seconds life(
      arguments.number("seconds").value_or(files::link_life_max.count()));
  if (life < std::chrono::seconds(1) || life > files::link_life_max)
    throw Error(ErrorKind::usage, "--seconds must be from 1 to 3600");
  const auto expires_at = base::system_clock().now() + life;
  const auto key = token::read_key_file(settings.link_key_file);
  const auto url = settings.public_url + files::link_path(key, file.id, expires_at);
  if (context.is_json())
    print_json(context.out(), json::Json::object({{"url", url}, {"expires_at", expires_at}}));
  else context.out() << url << '\n';
  return exit_ok;
}

}  // namespace

const Command& file_url_command() {
  static const Command command{
      .name = "file url",
      .summary = "print a link to the bytes of a file",
      .help = "Whoever has the link gets the bytes until it ends, from files.public_url.",
      .examples = {"devy-upload file url <id> --seconds 600"},
      .positionals = {{.name = "id", .help = "as `file list` has it"}},
      .options = {{.name = "seconds",
                   .value = "N",
                   .help = "how long it is good, at most 3600",
                   .kind = ValueKind::number}},
      .run = print_url};
  return command;
}

}  // namespace devy::cli
