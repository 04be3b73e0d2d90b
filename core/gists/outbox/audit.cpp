#include "core/gists/outbox/audit.hpp"

#include <map>

#include "core/crm/marker.hpp"
#include "core/gists/store/crm_list_store.hpp"

namespace devy::outbox {

Audit audit(pg::Connection& connection, CrmSession& session) {
  std::map<std::string, std::vector<std::int64_t>> there;  // by item
  const auto answer = session.read_activities(std::nullopt, [&](const crm::Entry& activity) {
    if (const auto marker = crm::marker_of(activity.note))
      there[marker->item].push_back(activity.id);
  });
  if (answer.meaning != crm::Meaning::done)
    throw base::Error(base::ErrorKind::unavailable,
                      "unable to read the CRM's activities: " + answer.cause,
                      "Try again later; `devy-upload gist crm status` says whether it is paused.",
                      "crm_" + std::string(crm::to_string(answer.meaning)));
  Audit found;
  // Read behind the list: what was sent meanwhile is in neither or in both.
  for (const auto& item : gists::made_crm_activities(connection)) {
    ++found.compared;
    const auto seen = there.find(item.id);
    if (seen == there.end()) {
      if (item.is_settled) found.missing.push_back({item.id, {item.remote_id}});
      continue;
    }
    if (seen->second.size() > 1) found.twice.push_back({item.id, seen->second});
    there.erase(seen);
  }
  for (const auto& [id, remote_ids] : there)
    if (!gists::is_crm_item(connection, id)) found.foreign.push_back({id, remote_ids});
  return found;
}

}  // namespace devy::outbox
