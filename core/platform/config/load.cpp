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
  const auto status = status_of(descriptor, path);
  loaded.is_readable_by_others = (status.st_mode & S_IROTH) != 0;
  if (const auto stranger = stranger_of(status))
    loaded.problems.push_back(
        {path, *stranger, true,
         "Whoever writes it decides where tokens and passwords are sent: run `chown root` and "
         "`chmod 0640` on it, or name a file that is yours."});
  return read_file(descriptor, path);
}

void read_usual_file(const std::optional<DistrustedFolder>& distrusted, Loaded& loaded,
                     Places& places) {
  const auto usual = open_usual_file(distrusted);
  if (!usual) return;
  loaded.file = usual->path;
  loaded.shadowed = usual->shadowed;
  loaded.is_readable_by_others = (status_of(usual->descriptor, usual->path).st_mode & S_IROTH) != 0;
  read_toml(read_file(usual->descriptor, usual->path), usual->path, loaded, places);
}

Loaded without_file() {
  Loaded loaded;
  for (const auto& setting : settings())
    loaded.origins[std::string(setting.key)] = "default";
  return loaded;
}

// Applies what follows the file, whatever there was of it.
void complete(Loaded& loaded, Places& places) {
  apply_environment(loaded, places);
  for (auto& finding : check(loaded.config)) {
    const auto place = places.find(finding.key);
    loaded.problems.push_back({place == places.end() ? finding.key : place->second,
                               finding.key + " " + finding.message, finding.is_warning, "",
                               finding.key});
  }
  loaded.places = std::move(places);
}

}  // namespace

Loaded load(const std::optional<std::string>& file,
            const std::optional<DistrustedFolder>& distrusted) {
  auto loaded = without_file();
  Places places;
  loaded.file = file ? file : variable("DEVY_CONFIG");
  if (loaded.file) read_toml(read_named_file(*loaded.file, loaded), *loaded.file, loaded, places);
  else read_usual_file(distrusted, loaded, places);
  complete(loaded, places);
  return loaded;
}

Loaded load_to_examine(const std::optional<std::string>& file) {
  try {
    return load(file);
  } catch (const base::Error& error) {
    auto loaded = without_file();
    Places places;
    const auto named = file ? file : variable("DEVY_CONFIG");
    loaded.problems.push_back({named.value_or("configuration"), error.text(), false, error.hint()});
    complete(loaded, places);
    return loaded;
  }
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
