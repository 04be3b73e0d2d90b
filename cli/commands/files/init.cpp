#include <grp.h>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/storage/disk.hpp"
#include "core/files/store/storage_store.hpp"

// `file init`: makes this machine's storage.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

gid_t group_of_name(const std::string& name) {
  const auto* group = ::getgrnam(name.c_str());
  if (group == nullptr)
    throw Error(ErrorKind::config, "there is no group '" + name + "' on this machine",
                "Set files.group to the one that nginx runs with.");
  return group->gr_gid;
}

int init_files(Context& context, const Arguments&) {
  const auto& settings = context.config().files;
  if (settings.directory.empty())
    throw Error(ErrorKind::config, "files.directory is not set",
                "Set it in the section files of the configuration, to a folder for files alone.");
  if (context.is_dry_run()) {
    context.would("prepare '" + settings.directory + "' as the storage of node '" + settings.node +
                  "'");
    return exit_ok;
  }
  auto& connection = context.database();
  pg::Transaction transaction(connection);
  const auto storage = files::add_storage(connection, settings.node, settings.directory);
  storage::Disk::prepare(settings.directory, storage.instance);
  if (!settings.group.empty())
    storage::Disk::share(settings.directory, group_of_name(settings.group));
  transaction.commit();
  if (context.is_json())
    print_json(context.out(), Json::object({{"node", storage.node},
                                            {"instance", storage.instance},
                                            {"kind", storage.kind},
                                            {"place", storage.place}}));
  else context.say("'" + storage.place + "' is the storage of node '" + storage.node + "'");
  return exit_ok;
}

}  // namespace

const Command& file_init_command() {
  static const Command command{
      .name = "file init",
      .summary = "prepare files.directory as the storage of this machine",
      .help =
          "The folder and the database get the same mark, without which nothing is read or "
          "written there: an unmounted disk is an empty folder, and no empty storage. Once more "
          "it changes nothing.",
      .examples = {"devy-upload file init"},
      .run = init_files};
  return command;
}

}  // namespace devy::cli
