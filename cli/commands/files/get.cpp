#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/commands/files/shown_file.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "core/files/storing/sending.hpp"

// `file get`: the bytes of a file.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t copied_bytes = 256UL * 1024;

// Calls it for one slice after the other.
template <class OnSlice>
void read_slices(const base::Descriptor& file, const OnSlice& on_slice) {
  std::string slice(copied_bytes, '\0');
  while (true) {
    const auto count = ::read(file.get(), slice.data(), slice.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw Error(ErrorKind::internal, std::string("unable to read the file: ") + strerror(errno));
    if (count == 0) return;
    on_slice(std::string_view(slice).substr(0, static_cast<std::size_t>(count)));
  }
}

void write_out(const base::Descriptor& out, const std::string& path, std::string_view slice) {
  while (!slice.empty()) {
    const auto count = ::write(out.get(), slice.data(), slice.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw Error(ErrorKind::internal, "unable to write '" + path + "': " + strerror(errno));
    slice.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Into a file without a name, so that nothing is written that is not right.
std::optional<base::Descriptor> from_s3(Context& context, const files::File& file,
                                        const storage::Disk& disk) {
  const auto& settings = context.config().files.s3;
  files::Placed placed;
  placed.sha256 = *file.sha256;
  placed.size = file.size;
  placed.generation = file.content_generation;
  auto scratch = disk.scratch();
  const bool is_right = storing::read_content(*s3::make_client(settings), settings, placed,
                                              [&](std::string_view piece) {
                                                context.check_stop();
                                                storage::write_bytes(scratch, piece);
                                              });
  if (!is_right) return std::nullopt;
  ::lseek(scratch.get(), 0, SEEK_SET);
  return scratch;
}

int get_file(Context& context, const Arguments& arguments) {
  const auto file = required_file(context, arguments.required("id"));
  if (!file.is_whole() || !file.sha256)
    throw Error(ErrorKind::conflict, "the file is " + file.state + ", and has no bytes to get",
                "`devy-upload file show` says more.", "not_ready");
  const auto disk = disk_of_node(context);
  const bool is_in_s3 = file.content_storage == "s3" && file.content_state == "stored";
  const auto bytes = is_in_s3 ? from_s3(context, file, *disk) : disk->open(*file.sha256);
  if (!bytes || file.content_state == "lost")
    throw Error(ErrorKind::unavailable, "the bytes of the file are lost, or not on this machine",
                "`devy-upload file verify` says whether they are lost.", "content_lost");
  const auto path = arguments.text("out");
  if (!path) {
    read_slices(*bytes, [&](std::string_view slice) {
      context.out().write(slice.data(), static_cast<std::streamsize>(slice.size()));
    });
    context.out().flush();
    return exit_ok;
  }
  const base::Descriptor out(::open(path->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (out.get() < 0)
    throw Error(errno == EEXIST ? ErrorKind::conflict : ErrorKind::rejected,
                "unable to make '" + *path + "': " + strerror(errno),
                "Give a path at which there is nothing yet.");
  read_slices(*bytes, [&](std::string_view slice) { write_out(out, *path, slice); });
  context.say("wrote " + std::to_string(file.size) + " bytes to '" + *path + "'");
  return exit_ok;
}

}  // namespace

const Command& file_get_command() {
  static const Command command{.name = "file get",
                               .summary = "write the bytes of a file",
                               .help = "To the standard output, unless --out names a new file.",
                               .examples = {"devy-upload file get <id> --out picture.png"},
                               .positionals = {{.name = "id", .help = "as `file list` has it"}},
                               .options = {{.name = "out",
                                            .value = "F",
                                            .help = "into a new file",
                                            .kind = ValueKind::file}},
                               .run = get_file};
  return command;
}

}  // namespace devy::cli
