#include "core/sync/store/label_map.hpp"

#include "core/platform/json/reader.hpp"

namespace devy::sync {
namespace {

constexpr json::Format stored_labels{.name = "a connection's labels",
                                     .bytes_max = std::size_t{16} << 20U,
                                     .kind = base::ErrorKind::internal,
                                     .code = "labels_unreadable"};

}  // namespace

std::map<std::string, std::optional<std::string>> read_label_map(const std::string& json) {
  std::map<std::string, std::optional<std::string>> labels;
  for (const auto& [name, value] : json::parse(json, stored_labels).members())
    labels.emplace(name, value.maybe_text());
  return labels;
}

}  // namespace devy::sync
