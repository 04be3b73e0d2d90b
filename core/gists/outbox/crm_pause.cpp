#include "core/gists/outbox/crm_pause.hpp"

#include "core/platform/github/api_pause.hpp"

namespace devy::outbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// A burst is over in two seconds; where the server does not say so, the pause grows.
constexpr seconds burst_pause{2}, burst_pause_max{300};
constexpr hours budget_pause{1}, budget_pause_max{6};
constexpr minutes firewall_pause{10};
constexpr hours firewall_pause_max{6};
constexpr hours token_pause{24 * 365};

}  // namespace

PauseNames pause_names(const std::string& company, const std::string& fingerprint) {
  const auto name = "pipedrive/" + company;
  return {name, name + "/" + fingerprint};
}

std::vector<std::string> all_of(const PauseNames& names) {
  return {names.company, names.token};
}

std::chrono::milliseconds pause_after(pg::Connection& connection, const PauseNames& names,
                                      const crm::Answer& answer) {
  const auto doubling = [&](seconds first, seconds longest) {
    return github::pause_doubling(connection, names.company, first, longest, answer.cause);
  };
  switch (answer.meaning) {
    case crm::Meaning::limited:
      if (!answer.wait) return doubling(burst_pause, burst_pause_max);
      break;
    case crm::Meaning::spent: return doubling(budget_pause, budget_pause_max);
    case crm::Meaning::blocked: return doubling(firewall_pause, firewall_pause_max);
    case crm::Meaning::unauthorized:
      github::pause_for(connection, names.token, token_pause, answer.cause);
      return token_pause;
    case crm::Meaning::unsent:
    case crm::Meaning::unknown:
      if (!answer.wait) return github::pause_after_failure(connection, names.company, answer.cause);
      break;
    case crm::Meaning::done:
    case crm::Meaning::refused:
    case crm::Meaning::missing: return std::chrono::milliseconds(0);
  }
  github::pause_for(connection, names.company, *answer.wait, answer.cause);
  return *answer.wait;
}

}  // namespace devy::outbox
