#include "core/files/comparison/s3_comparison.hpp"

#include <map>

#include "core/files/store/storing_store.hpp"
#include "core/files/storing/object_name.hpp"
#include "core/files/storing/sending.hpp"

namespace devy::comparison {
namespace {

constexpr int placed_max = 1000;  // that are read at a time
// Younger objects without a row may be on their way in, or being deleted.
constexpr std::chrono::hours object_age{1};

struct FoundObject {
  files::ObjectName name;
  base::TimePoint written_at;
};
// All objects, by their keys. One has about 200 bytes here.
using Objects = std::map<std::string, FoundObject>;

bool is_in_s3(const std::optional<files::Placed>& content) {
  return content && content->storage == "s3" &&
         (content->state == "stored" || content->state == "lost");
}

files::Content content_of(const files::Placed& placed) {
  return {placed.sha256, placed.size, placed.state, 0};
}

// `found`: its size in the list; nothing: it is not there.
void check_placed(pg::Connection& connection, const Request& request, const files::Placed& placed,
                  std::optional<std::uint64_t> found, Findings& findings) {
  const auto size = static_cast<std::uint64_t>(placed.size);
  if (found != size) {
    // It may have gone, or come back as another generation, since the list was read.
    const auto now = files::find_placed(connection, placed.sha256);
    if (!is_in_s3(now) || now->generation != placed.generation) return;
    found = request.s3->size_of(
        storing::key_of(*request.s3_settings, placed.sha256, placed.generation));
  }
  ++findings.contents;
  findings.bytes += size;
  if (!found) findings.missing.push_back(content_of(placed));
  else if (*found != size ||
           (request.reads_content && !storing::read_content(*request.s3, *request.s3_settings,
                                                            placed, [](std::string_view) {})))
    findings.different.push_back({content_of(placed), *found, std::nullopt});
  else ++findings.ok;
}

void find_extra_objects(pg::Connection& connection, const Objects& objects, Findings& findings) {
  const auto old_until = base::system_clock().now() - object_age;
  std::vector<files::ObjectName> names;
  std::vector<std::string> keys;
  const auto look = [&] {
    for (const auto& name : files::objects_without_row(connection, names)) {
      for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].sha256 == name.sha256 && names[i].generation == name.generation)
          findings.extra.push_back({name.sha256,
                                    std::string(place_in_s3) + keys[i],
                                    static_cast<std::uint64_t>(name.size),
                                    {}});
    }
    names.clear();
    keys.clear();
  };
  for (const auto& [key, object] : objects) {
    if (object.written_at > old_until) continue;
    names.push_back(object.name);
    keys.push_back(key);
    if (names.size() == static_cast<std::size_t>(placed_max)) look();
  }
  look();
}

}  // namespace

void verify_s3(pg::Connection& connection, const Request& request, Findings& findings) {
  Objects objects;
  request.s3->list([&](const s3::Object& object) {
    if (const auto name = storing::name_of(*request.s3_settings, object))
      objects.emplace(object.key, FoundObject{*name, object.written_at});
  });
  std::optional<base::Sha256> behind;
  while (true) {
    const auto contents = files::contents_in_s3(connection, behind, placed_max);
    for (const auto& content : contents) {
      const auto found =
          objects.find(storing::key_of(*request.s3_settings, content.sha256, content.generation));
      std::optional<std::uint64_t> size;
      if (found != objects.end()) size = static_cast<std::uint64_t>(found->second.name.size);
      check_placed(connection, request, content, size, findings);
    }
    if (contents.empty()) break;
    behind = contents.back().sha256;
  }
  find_extra_objects(connection, objects, findings);
}

bool check_in_s3(pg::Connection& connection, const Request& request, const base::Sha256& sha256,
                 Findings& findings) {
  const auto placed = files::find_placed(connection, sha256);
  if (!is_in_s3(placed)) return false;
  check_placed(connection, request, *placed, std::nullopt, findings);
  return true;
}

}  // namespace devy::comparison
