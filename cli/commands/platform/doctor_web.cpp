#include "cli/commands/platform/doctor.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/token/sealing.hpp"

namespace devy::cli {
namespace {

bool is_loopback(std::string_view url) {
  for (const std::string_view host : {"http://127.", "http://localhost", "http://[::1]"})
    if (url.starts_with(host)) return true;
  return false;
}

}  // namespace

// Where pages are served, by whom people are let in, and whether its files can be used.
void examine_web(const config::Config& config, std::vector<Diagnosis>& diagnoses) {
  const auto& web = config.web;
  if (web.addresses.empty()) {
    diagnoses.push_back({"web", Health::ok, "no pages are served", ""});
    return;
  }
  const auto before = diagnoses.size();
  if (web.url.starts_with("http://") && !is_loopback(web.url))
    diagnoses.push_back({"web", Health::problem,
                         "web.url is plain http: cookies would not be sent, and could be read",
                         "Serve pages by https, as nginx/devy-upload.conf does, and set web.url."});
  const auto use = [&](const std::string& path, const auto& read) {
    if (path.empty()) return;
    try {
      read(path);
    } catch (const base::Error& error) {
      diagnoses.push_back(
          {"web", Health::problem, error.text(),
           error.hint().empty() ? "See section web in devy-upload.toml(5)." : error.hint()});
    }
  };
  use(web.client_secret_file,
      [](const std::string& path) { static_cast<void>(base::read_secret_file(path)); });
  use(web.key_file,
      [](const std::string& path) { static_cast<void>(token::SealingKey::from_file(path)); });
  if (diagnoses.size() != before) return;
  diagnoses.push_back({"web", Health::ok,
                       web.client_id.empty() ? "people log in by `devy-upload web link` alone"
                                             : "people log in by GitHub, at " + web.url,
                       ""});
}

}  // namespace devy::cli
