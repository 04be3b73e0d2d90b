#include "core/gists/diagnosis.hpp"

#include "core/gists/store/figures_store.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::gists {
namespace {

using base::Diagnosis;
using base::Health;

constexpr std::int64_t anonymous_requests_an_hour = 60;
constexpr std::int64_t seconds_an_hour = 3'600;

std::string users_text(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " user" : " users");
}

}  // namespace

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses) {
  if (!config.gists.enabled) return;
  const auto found = conditions(connection);
  if (found.failing > 0)
    diagnoses.push_back({"gists", Health::problem,
                         "scans fail of " + users_text(found.failing) + ": " +
                             base::safe_text(found.failing_login) + ", " +
                             base::safe_text(found.failing_error),
                         "`devy-upload gist user list` shows them."});
  if (found.missing > 0)
    diagnoses.push_back({"gists", Health::warning,
                         "GitHub does not know " + users_text(found.missing) + ": " +
                             base::safe_text(found.missing_login),
                         "Remove who is gone: `devy-upload gist user remove <login>`."});
  const auto every = config.gists.every.count();
  const bool has_token = !config.github.has_app() && !config.github.token_file.empty();
  // A quiet user costs a request in each routine; with a token it is free.
  const auto an_hour = every > 0 ? found.tracked * seconds_an_hour / every : 0;
  if (!has_token && an_hour > anonymous_requests_an_hour / 2)
    diagnoses.push_back({"gists", Health::warning,
                         "without a token GitHub answers 60 requests an hour, and " +
                             users_text(found.tracked) + " take about " + std::to_string(an_hour),
                         "Set github.token_file, or a longer gists.every."});
  if (diagnoses.empty() || diagnoses.back().check != "gists")
    diagnoses.push_back({"gists", Health::ok, users_text(found.tracked) + " tracked", ""});
}

}  // namespace devy::gists
