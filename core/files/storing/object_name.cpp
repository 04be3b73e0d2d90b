#include "core/files/storing/object_name.hpp"

#include <algorithm>
#include <charconv>

#include "core/platform/base/hex.hpp"

namespace devy::storing {

std::string key_of(const config::FilesS3& settings, const base::Sha256& sha256,
                   std::int64_t generation) {
  const auto name = base::to_hex(sha256);
  return settings.prefix + name.substr(0, 2) + "/" + name + "." + std::to_string(generation);
}

std::optional<files::ObjectName> name_of(const config::FilesS3& settings,
                                         const s3::Object& object) {
  const auto name = object.key.substr(object.key.rfind('/') + 1);
  files::ObjectName found;
  const auto dot = name.find('.');
  if (dot == std::string::npos || !base::read_hex(name.substr(0, dot), found.sha256))
    return std::nullopt;
  std::int32_t generation = 0;
  std::from_chars(name.data() + dot + 1, name.data() + name.size(), generation);
  found.generation = generation;
  found.size = static_cast<std::int64_t>(object.size);
  // An object of another spelling is another one.
  if (generation <= 0 || key_of(settings, found.sha256, generation) != object.key)
    return std::nullopt;
  return found;
}

}  // namespace devy::storing
