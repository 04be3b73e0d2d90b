#include "core/platform/config/load.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "core/platform/base/error.hpp"
#include "core/platform/config/check.hpp"
#include "core/platform/config/environment.hpp"
#include "core/platform/config/setting.hpp"
#include "core/platform/config/toml_file.hpp"

#include <sys/stat.h>

namespace devy::config {
namespace {

constexpr std::array usual_files{"devy-upload.toml", "/etc/devy/devy-upload.toml"};

[[noreturn]] void fail(const std::string& path, const std::string& cause) {
  throw base::Error(base::ErrorKind::config,
                    "unable to read configuration '" + path + "': " + cause,
                    "Check the path after --config or in DEVY_CONFIG, and the file's owner.");
}

std::string read_file(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) fail(path, std::generic_category().message(errno));
  // A pipe would block, a folder gives nothing.
  if (!S_ISREG(status.st_mode)) fail(path, "it is no regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) fail(path, std::generic_category().message(errno));
  // One byte more than allowed tells that it is too large.
  std::string text(file_bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) fail(path, std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::optional<std::string> find_usual_file() {
  for (const auto* path : usual_files) {
    struct stat status {};
    if (stat(path, &status) == 0) return path;
  }
  return std::nullopt;
}

}  // namespace

Loaded load(const std::optional<std::string>& file) {
  Loaded loaded;
  Places places;
  for (const auto& setting : settings())
    loaded.origins[std::string(setting.key)] = "default";
  loaded.file = file ? file : variable("DEVY_CONFIG");
  if (!loaded.file) loaded.file = find_usual_file();
  if (loaded.file) read_toml(read_file(*loaded.file), *loaded.file, loaded, places);
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
