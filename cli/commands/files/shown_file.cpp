#include "cli/commands/files/shown_file.hpp"

#include <array>

#include "core/files/receive/depot.hpp"
#include "core/files/store/file_store.hpp"

namespace devy::cli {

using base::Error;
using base::ErrorKind;

files::File required_file(Context& context, const std::string& id) {
  const auto parsed = files::FileId::parse(id);
  if (!parsed)
    throw Error(ErrorKind::usage, "'" + id + "' is not the id of a file",
                "`devy-upload file list` shows ids.");
  auto file = files::find_file(context.database(), *parsed);
  if (!file)
    throw Error(ErrorKind::not_found, "there is no file '" + id + "'",
                "`devy-upload file list` shows what there is.");
  return *std::move(file);
}

std::unique_ptr<storage::Disk> disk_of_node(Context& context) {
  const auto& settings = context.config().files;
  if (settings.directory.empty())
    throw Error(ErrorKind::config, "files.directory is not set",
                "Set it to a folder for files alone, then run `devy-upload file init`.",
                "storage_foreign");
  return receive::open_disk(context.database(), settings);
}

std::string size_text(std::int64_t bytes) {
  constexpr std::array<const char*, 4> units{"B", "KiB", "MiB", "GiB"};
  constexpr std::int64_t step = 1024;
  if (bytes < step) return std::to_string(bytes) + " B";
  std::size_t unit = 0;
  std::int64_t tenths = bytes * 10;
  for (; tenths >= step * 10 && unit + 1 < units.size(); ++unit)
    tenths /= step;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + units[unit];
}

}  // namespace devy::cli
