#include "core/platform/config/load.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/platform/base/error.hpp"
#include "core/platform/config/check.hpp"
#include "core/platform/config/environment.hpp"
#include "core/platform/config/setting.hpp"
#include "core/platform/config/toml_file.hpp"
#include "core/platform/config/usual_file.hpp"

namespace devy::config {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& cause) {
  throw base::Error(base::ErrorKind::config,
                    "unable to read configuration '" + path + "': " + cause,
                    "Check the path after --config or in DEVY_CONFIG, and the file's owner.");
}

// The file is known to whoever opened it by this path.
std::string read_file(const base::Descriptor& descriptor, const std::string& path) {
  // One byte more than allowed tells that it is too large.
  std::string text(file_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = ::read(descriptor.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, std::generic_category().message(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

struct stat status_of(const base::Descriptor& descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) fail(path, std::generic_category().message(errno));
  // A pipe would block, a folder gives nothing.
  if (!S_ISREG(status.st_mode)) fail(path, "it is no regular file");
  return status;
}

// A file that is named is obeyed, and whoever named it learns who else can write it.
std::string read_named_file(const std::string& path, Loaded& loaded) {
  const base::Descriptor descriptor(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (descriptor.get() < 0) fail(path, std::generic_category().message(errno));
  if (const auto stranger = stranger_of(status_of(descriptor, path)))
    loaded.problems.push_back({path, *stranger, true});
  return read_file(descriptor, path);
}

}  // namespace

Loaded load(const std::optional<std::string>& file,
            const std::optional<DistrustedFolder>& distrusted) {
  Loaded loaded;
  Places places;
  for (const auto& setting : settings())
    loaded.origins[std::string(setting.key)] = "default";
  loaded.file = file ? file : variable("DEVY_CONFIG");
  if (loaded.file) {
    read_toml(read_named_file(*loaded.file, loaded), *loaded.file, loaded, places);
  } else if (const auto usual = open_usual_file(distrusted)) {
    loaded.file = usual->path;
    static_cast<void>(status_of(usual->descriptor, usual->path));
    read_toml(read_file(usual->descriptor, usual->path), usual->path, loaded, places);
  }
  apply_environment(loaded, places);
  for (auto& finding : check(loaded.config)) {
    const auto place = places.find(finding.key);
    loaded.problems.push_back({place == places.end() ? finding.key : place->second,
                               finding.key + " " + finding.message, finding.is_warning});
  }
  return loaded;
}

std::string to_text(const Config& config) {
  std::string text;
  for (const auto& [key, value] : describe(config))
    text.append(key).append(" = ").append(value).append("\n");
  return text;
}

Config from_text(const std::string& text) {
  Loaded loaded;
  Places places;
  read_toml(text, "configuration", loaded, places);
  if (!loaded.problems.empty())
    throw base::Error(base::ErrorKind::config,
                      "unable to hand on the configuration: " + loaded.problems.front().where +
                          ": " + loaded.problems.front().message);
  return loaded.config;
}

std::vector<std::pair<std::string, std::string>> describe(const Config& config) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& setting : settings())
    values.emplace_back(setting.key, value_text(setting, config));
  return values;
}

}  // namespace devy::config
