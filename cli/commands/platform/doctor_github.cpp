#include "cli/commands/platform/doctor.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/github/describe_credential.hpp"

namespace devy::cli {

// Its file, its key, and whether GitHub takes it. An API that is away is a warning: uploads go on.
void examine_github(const config::Config& config, std::vector<Diagnosis>& diagnoses) {
  if (!config.github.has_credentials()) {
    diagnoses.push_back(
        {"github", Health::ok, "no token and no App: commits are told nothing", ""});
    return;
  }
  const auto note = [&](Health health, const base::Error& error) {
    diagnoses.push_back(
        {"github", health, error.text(),
         error.hint().empty() ? "See section github in devy-upload.toml(5)." : error.hint()});
  };
  std::unique_ptr<github::Access> access;
  try {
    access = std::make_unique<github::Access>(config, base::system_clock());
  } catch (const base::Error& error) {
    note(Health::problem, error);
    return;
  }
  try {
    diagnoses.push_back({"github", Health::ok,
                         config.github.api_url + " knows " + github::describe_credential(*access),
                         ""});
  } catch (const base::Error& error) {
    const bool is_refused = error.kind() == base::ErrorKind::denied;
    note(is_refused ? Health::problem : Health::warning, error);
  }
}

}  // namespace devy::cli
