#include "cli/commands/web/site_address.hpp"

#include "core/platform/config/load.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::cli {
namespace {

constexpr json::Format setting_format{.name = "a setting", .bytes_max = 4096};
constexpr const char* usual_address = "127.0.0.1:8000";

}  // namespace

std::string site_address(const config::Config& config) {
  std::string url, address = usual_address;
  for (const auto& [key, value] : config::describe(config)) {
    if (key == "web.url") url = json::parse(value, setting_format).if_text().value_or("");
    if (key != "web.addresses") continue;
    const auto addresses = json::parse(value, setting_format).if_texts();
    if (!addresses.empty()) address = addresses.front();
  }
  while (url.ends_with('/'))
    url.pop_back();
  return url.empty() ? "http://" + address : url;
}

}  // namespace devy::cli
