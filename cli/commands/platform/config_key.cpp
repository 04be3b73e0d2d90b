#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/token/sealing.hpp"

// `config key`: makes a key file.

namespace devy::cli {
namespace {

int make_config_key(Context& context, const Arguments& arguments) {
  const auto path = arguments.required("file");
  if (context.is_dry_run()) {
    context.would("make key file '" + path + "'");
    return exit_ok;
  }
  token::make_key_file(path, base::system_random());
  if (context.is_json()) print_json(context.out(), Json::object({{"file", path}}));
  context.say("key file '" + path + "' made, mode 0600");
  return exit_ok;
}

}  // namespace

const Command& config_key_command() {
  static const Command command{
      .name = "config key",
      .summary = "make a key file, with which secrets in the database are encrypted",
      .help =
          "For the settings whose names end in key_file. Its first line is base64 of 32 random "
          "bytes. A file that exists stays: what was encrypted with it would be lost.",
      .examples = {"devy-upload config key /etc/devy/web.key"},
      .positionals = {{.name = "file", .help = "where", .kind = ValueKind::file}},
      .run = make_config_key};
  return command;
}

}  // namespace devy::cli
