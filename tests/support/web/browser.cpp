#include "tests/support/web/browser.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "tests/support/process/peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace {

// All lines but the last, with which a script says that it came to its end.
std::vector<std::string> faults_by(const std::string& script,
                                   const std::vector<std::string>& arguments,
                                   std::string_view end) {
  auto lines = run_peer(script, arguments);
  if (lines.empty() || !lines.back().starts_with(end))
    throw std::runtime_error(script + " did not come to its end");
  lines.pop_back();
  return lines;
}

}  // namespace

std::vector<std::string> faults_of_pages(const std::string& base_url,
                                         const std::vector<VisitedPage>& pages,
                                         const std::string& login_url) {
  std::string json;
  for (const auto& page : pages)
    json += std::string(json.empty() ? "[" : ",\n") + R"({"path": ")" + page.path +
            R"(", "name": ")" + page.name + R"(", "status": )" + std::to_string(page.status) + "}";
  const TempFolder folder;
  const auto pages_file = folder / "pages.json";
  write_text(pages_file, json + "]\n");
  const char* screenshots = std::getenv("DEVY_SCREENSHOTS");
  return faults_by("visit_pages.mjs",
                   {base_url, pages_file, screenshots == nullptr ? "" : screenshots, login_url},
                   "visited ");
}

std::vector<std::string> faults_in_use(const std::string& base_url) {
  return faults_by("use_live_pages.mjs", {base_url}, "used ");
}

}  // namespace devy::testing
