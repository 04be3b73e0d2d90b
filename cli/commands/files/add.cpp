#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/commands/files/shown_file.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/receive/batch.hpp"
#include "core/files/receive/depot.hpp"
#include "core/platform/base/descriptor.hpp"

// `file add`: uploads files from this machine.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t slice_bytes = 256UL * 1024;

void read_into(receive::Batch& batch, const std::string& path) {
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    throw Error(ErrorKind::not_found, "unable to read '" + path + "': " + strerror(errno),
                "Check its name and who may read it.");
  batch.begin_file();
  std::string slice(slice_bytes, '\0');
  while (true) {
    const auto count = ::read(file.get(), slice.data(), slice.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw Error(ErrorKind::rejected, "unable to read '" + path + "': " + strerror(errno),
                  "Give files, no folders.");
    if (count == 0) break;
    batch.write(std::string_view(slice).substr(0, static_cast<std::size_t>(count)));
  }
  batch.end_file(std::filesystem::path(path).filename().string(), "");
}

files::OwnerId required_owner(Context& context, const Arguments& arguments) {
  const auto name = arguments.text("owner");
  if (!name)
    throw Error(ErrorKind::usage, "missing option: --owner",
                "Give the account, or the user of GitHub, whose the files are.");
  const auto owner = files::find_named_owner(context.database(), *name);
  if (!owner)
    throw Error(ErrorKind::not_found, "there is no account '" + *name + "', and no owner of files",
                "`devy-upload account list` shows accounts.");
  return *owner;
}

int add_files(Context& context, const Arguments& arguments) {
  const auto disk = disk_of_node(context);
  const auto owner = required_owner(context, arguments);
  const bool is_temporary = arguments.has("temporary");
  const auto paths = arguments.all("path");
  if (context.is_dry_run()) {
    context.would("add " + std::to_string(paths.size()) + " files");
    return exit_ok;
  }
  receive::Batch batch(context.config().files, *disk, {owner, is_temporary, !is_temporary});
  for (const auto& path : paths) {
    context.check_stop();
    read_into(batch, path);
  }
  auto stored = batch.store(context.database());
  receive::Depot(context.config().files)
      .settle(stored.files, *disk,
              [&](const std::function<void(pg::Connection&)>& work) { work(context.database()); });
  if (context.is_json()) {
    auto document = Json::object({{"files", json_array(stored.files, files::file_json)}});
    if (is_temporary) document.set("token", stored.token).set("expires_at", stored.expires_at);
    print_json(context.out(), document);
    return exit_ok;
  }
  for (const auto& file : stored.files)
    context.out() << file.id.text() << "  " << file.name << '\n';
  if (is_temporary)
    context.out() << "token " << stored.token << ", good until "
                  << context.time_text(stored.expires_at) << '\n';
  return exit_ok;
}

}  // namespace

const Command& file_add_command() {
  static const Command command{
      .name = "file add",
      .summary = "upload files from this machine",
      .help =
          "All of them or none. Temporary ones share a token, which `file persist` spends. A "
          "permanent one of the same name and bytes that nothing refers to is not made twice.",
      .examples = {"devy-upload file add README.md --owner alice",
                   "devy-upload file add *.png --owner alice --temporary --json"},
      .positionals = {{.name = "path",
                       .help = "files of this machine",
                       .kind = ValueKind::file,
                       .is_repeatable = true}},
      .options = {{.name = "owner",
                   .value = "O",
                   .help = "whose they are: an account, or a user of GitHub who has files",
                   .kind = ValueKind::account},
                  {.name = "temporary", .help = "kept only if somebody spends their token"}},
      .run = add_files};
  return command;
}

}  // namespace devy::cli
