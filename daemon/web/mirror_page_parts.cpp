#include "daemon/web/mirror_page_parts.hpp"

#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/time_element.hpp"

namespace devy::daemon {

MirrorFacts read_mirror_facts(Visit& visit,
                              const std::vector<mirror::OverseenRepository>& repositories) {
  std::vector<std::int64_t> ids;
  for (const auto& overseen : repositories)
    ids.push_back(overseen.repository.id);
  return {mirror::count_rows_of(visit.connection, ids), mirror::hook_states(visit.connection, ids),
          mirror::open_loads(visit.connection, ids), mirror::last_switches(visit.connection, ids)};
}

bool is_unloaded(const mirror::Repository& repository) {
  for (const auto& [list, time] : repository.last_scanned)
    if (time) return false;
  return true;
}

std::string hook_word(const mirror::Repository& repository, const MirrorFacts& facts) {
  if (const auto last = facts.switches.find(repository.id);
      last != facts.switches.end() && !queue::is_terminal(last->second.state))
    return "switching";
  const auto& state = facts.hooks.at(repository.id).state;
  return state == "off" && is_unloaded(repository) ? "not loaded" : state;
}

std::optional<base::TimePoint> read_whole_at(const mirror::Repository& repository) {
  std::optional<base::TimePoint> oldest;
  for (const auto* list : {"labels", "milestones", "issues", "pulls"}) {
    const auto& time = repository.last_scanned.at(list);
    if (!time) return std::nullopt;
    if (!oldest || *time < *oldest) oldest = time;
  }
  return oldest;
}

std::string age_or_never(const std::optional<base::TimePoint>& time, base::TimePoint now) {
  return time ? html::age_text(*time, now) : "never";
}

std::optional<MirrorProblem> hook_problem(const Visit& visit, const mirror::Repository& repository,
                                          const MirrorFacts& facts) {
  const auto& name = repository.full_name;
  if (const auto last = facts.switches.find(repository.id);
      last != facts.switches.end() && last->second.state == queue::State::failed) {
    const auto& failed = last->second;
    return MirrorProblem{"bad",
                         "The hook of " + name + " could not be " +
                             (failed.act == "install" ? "enabled" : "disabled"),
                         failed.error_text + ". " + failed.error_hint};
  }
  const auto& state = facts.hooks.at(repository.id).state;
  const auto meanwhile = " Rows are kept fresh every " +
                         html::duration_text(visit.config.mirror.rescan_unhooked_every) +
                         " meanwhile.";
  if (state == "unconfirmed")
    return MirrorProblem{"warn", "The hook of " + name + " is not confirmed",
                         "GitHub has sent no ping since it was made." + meanwhile +
                             " Enable the hook again, or look at its last deliveries at GitHub."};
  if (state == "lost")
    return MirrorProblem{
        "bad", "The hook of " + name + " is lost",
        "It was deleted or switched off at GitHub." + meanwhile + " Enable the hook again."};
  return std::nullopt;
}

std::vector<MirrorAct> mirror_acts(const mirror::Repository& repository, const MirrorFacts& facts) {
  std::vector<MirrorAct> acts;
  const auto word = hook_word(repository, facts);
  if (word == "not loaded") return {{"load", "Load"}};
  if (word == "on") acts.push_back({"off", "Disable"});
  else if (word == "off") acts.push_back({"on", "Enable"});
  else if (word != "switching") acts.push_back({"on", "Enable again"});
  acts.push_back({"load", "Load"});
  return acts;
}

}  // namespace devy::daemon
