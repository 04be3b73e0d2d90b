#include "core/mirror/scan/item.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"

namespace devy::scan {

std::string item_address(const List& list, std::int64_t repository_id, std::string_view key) {
  auto address = "/repositories/" + std::to_string(repository_id) + "/" + list.path + "/";
  for (const char c : key) {
    if (base::is_word_of({&c, 1}, "-_.~")) address += c;
    else base::append_percent_encoded(address, c);
  }
  return address + list.item_suffix;
}

std::optional<std::string> other_repository(const json::Value& document, std::int64_t repository_id,
                                            const std::string& name) {
  const auto url = document.if_text("repository_url");
  if (!url || url->ends_with("/repositories/" + std::to_string(repository_id))) return std::nullopt;
  const auto repos = url->rfind("/repos/");
  if (repos == std::string::npos) return std::nullopt;
  const auto told = url->substr(repos + std::string_view("/repos/").size());
  if (base::is_same_word(told, name)) return std::nullopt;
  return told;
}

}  // namespace devy::scan
