#include "core/mirror/diagnosis.hpp"

#include "core/mirror/store/diagnosis_store.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/config/token_scope.hpp"
#include "core/platform/github/api_budget.hpp"
#include "core/platform/token/sealing.hpp"

namespace devy::mirror {
namespace {

using base::Diagnosis;
using base::Health;
using Names = std::vector<std::string>;

// Where whole readings are switched off.
constexpr std::chrono::hours stale_after_otherwise{14 * 24};

// Twice as long as between two whole readings of a list.
std::chrono::hours stale_after(const config::Mirror& mirror) {
  if (mirror.full_every.count() == 0) return stale_after_otherwise;
  return std::chrono::ceil<std::chrono::hours>(2 * mirror.full_every);
}

Names names_where(const std::vector<Condition>& conditions, const auto& is_wanted) {
  Names names;
  for (const auto& condition : conditions)
    if (is_wanted(condition)) names.push_back(condition.full_name);
  return names;
}

// "of 2 repositories: alice/notes, alice/other"
std::string of_names(const Names& names) {
  const auto count =
      names.size() == 1 ? "1 repository" : std::to_string(names.size()) + " repositories";
  return "of " + count + ": " + base::first_of(names);
}

void examine_hooks(const std::vector<Condition>& conditions, std::vector<Diagnosis>& diagnoses) {
  const auto lost = names_where(conditions, [](const auto& one) { return one.has_lost_hook; });
  if (!lost.empty())
    diagnoses.push_back({"mirror_hooks", Health::problem, "our webhook is gone " + of_names(lost),
                         "Add it again at GitHub; until then its rows are as old as the last "
                         "`devy-upload mirror load`."});
  const auto unheard =
      names_where(conditions, [](const auto& one) { return one.is_unheard && !one.has_lost_hook; });
  if (!unheard.empty())
    diagnoses.push_back({"mirror_hooks", Health::warning,
                         "no delivery has ever come " + of_names(unheard),
                         "Add a webhook at GitHub, or install the App there; is it there, look at "
                         "its deliveries and at `devy-upload delivery list`."});
}

void examine_rights(const config::Config& config, const std::vector<Condition>& conditions,
                    const Names& refused, std::vector<Diagnosis>& diagnoses) {
  const auto unseen = names_where(conditions, [&](const Condition& one) {
    return one.is_private && !config.github.has_app() &&
           !(config.github.has_credentials() &&
             config::is_in_token_scope(config.github.token_for, one.full_name));
  });
  if (!unseen.empty())
    diagnoses.push_back({"mirror_rights", Health::problem,
                         "no credential is for private repositories, " + of_names(unseen),
                         "Name them in github.token_for, or install the App there."});
  if (!refused.empty())
    diagnoses.push_back(
        {"mirror_rights", Health::problem,
         "GitHub refused " + base::first_of(refused) + " within the last day",
         "Check what the token or the App may read; `devy-upload list --state failed --kind "
         "mirror_fetch` and its like have what GitHub said."});
}

void examine_budgets(const std::vector<github::LowBudget>& budgets, base::TimePoint now,
                     std::vector<Diagnosis>& diagnoses) {
  for (const auto& budget : budgets)
    diagnoses.push_back({"mirror_budget", Health::warning,
                         std::to_string(budget.remaining) + " of " + std::to_string(budget.quota) +
                             " requests are left with the credential '" + budget.credential +
                             "' until " + base::format_relative(budget.reset_at, now),
                         "Scans and audits wait until then; mirror.reserve_percent says how much "
                         "they leave, and an App has more."});
}

// A user's token that cannot be sealed, or opened again, leaves him without webhooks.
void examine_key(const config::Mirror& mirror, std::vector<Diagnosis>& diagnoses) {
  if (mirror.token_key_file.empty()) return;
  try {
    static_cast<void>(token::SealingKey::from_file(mirror.token_key_file));
  } catch (const base::Error& error) {
    diagnoses.push_back({"mirror_key", Health::problem, error.text(), error.hint()});
  }
}

void examine_lists(const config::Config& config, const std::vector<Condition>& conditions,
                   std::vector<Diagnosis>& diagnoses) {
  const auto note = [&](const Names& names, const std::string& text) {
    if (names.empty()) return;
    diagnoses.push_back(
        {"mirror_lists", Health::warning, text + of_names(names),
         "Read them: `devy-upload mirror load " + names.front() +
             " --children`; `mirror scan list` says what became of earlier readings."});
  };
  note(names_where(conditions, [](const auto& one) { return one.is_unread; }),
       "a list was never read to its end ");
  note(names_where(conditions, [](const auto& one) { return one.is_stale; }),
       "a list was not read whole for " + base::format_duration(stale_after(config.mirror)) + " ");
}

}  // namespace

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<Diagnosis>& diagnoses) {
  if (!config.mirror.enabled) return;
  const auto all = conditions(connection, stale_after(config.mirror));
  const auto before = diagnoses.size();
  examine_hooks(all, diagnoses);
  examine_rights(config, all, refused_targets(connection), diagnoses);
  examine_budgets(github::low_budgets(connection, config.mirror.reserve_percent / 100.0),
                  base::system_clock().now(), diagnoses);
  examine_lists(config, all, diagnoses);
  examine_key(config.mirror, diagnoses);
  if (diagnoses.size() == before)
    diagnoses.push_back({"mirror", Health::ok,
                         all.empty() ? "nothing is mirrored"
                                     : "all is well " + of_names(names_where(
                                                            all, [](const auto&) { return true; })),
                         ""});
}

}  // namespace devy::mirror
