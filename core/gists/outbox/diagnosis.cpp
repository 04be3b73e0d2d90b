#include "core/gists/outbox/crm_handler.hpp"
#include "core/gists/outbox/maintenance.hpp"
#include "core/gists/store/crm_list_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::outbox {
namespace {

using base::Diagnosis;
using base::Health;

constexpr std::int64_t late_seconds = 3'600;

void examine_items(const gists::CrmFigures& figures, std::vector<Diagnosis>& diagnoses) {
  for (const auto& [state, count] : figures.states)
    if (state == "refused" && count > 0)
      diagnoses.push_back({"crm_refused", Health::problem,
                           "the CRM refused " + std::to_string(count) + " items",
                           "`devy-upload gist crm list --state refused` says why; then `gist crm "
                           "retry`."});
  if (figures.oldest_pending_seconds.value_or(0) >= late_seconds)
    diagnoses.push_back(
        {"crm_late", Health::warning,
         "an item has waited for the CRM for " +
             base::format_duration(std::chrono::seconds(*figures.oldest_pending_seconds)),
         "`devy-upload gist crm status` says whether the CRM is paused."});
}

}  // namespace

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<Diagnosis>& diagnoses) {
  const auto& settings = config.crm;
  if (crm::company_of(settings).empty()) {
    if (!settings.company.empty())
      diagnoses.push_back({"crm", Health::warning, "the CRM is told nothing: there is no token",
                           "Name a file with an API token in crm.token_file, or empty "
                           "crm.company."});
    return;
  }
  if (settings.token_file.empty())
    diagnoses.push_back(
        {"crm_token", Health::warning,
         "the CRM's token stands in the environment, of which the daemon's children get nothing",
         "Write it into a file with mode 0600, and name that in crm.token_file."});
  try {
    const auto names = pause_names(settings.company, crm::fingerprint(crm::open_access(settings)));
    const auto pause = gists::crm_pause(connection, all_of(names));
    if (pause)
      diagnoses.push_back({"crm", Health::warning,
                           "the CRM is left alone until " + base::format_rfc3339(pause->until) +
                               ": " + pause->reason,
                           "It goes on by itself, or with another token in crm.token_file."});
    else
      diagnoses.push_back(
          {"crm", Health::ok, "gists of tracked users are told to " + settings.company, ""});
  } catch (const base::Error& error) {
    if (base::is_passing(error.kind())) throw;
    diagnoses.push_back({"crm", Health::problem, error.text(), error.hint()});
  }
  examine_items(gists::crm_figures(connection), diagnoses);
}

}  // namespace devy::outbox
