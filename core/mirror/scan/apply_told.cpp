#include "core/mirror/scan/apply_told.hpp"

#include "core/mirror/records/issue_of_pull.hpp"
#include "core/mirror/store/pull_store.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/sweep_store.hpp"

namespace devy::scan {
namespace {

// The row of the issue that a pull request also is follows it.
void add_issue_of_pull(pg::Connection& connection, const Told& told, records::Records& records) {
  if (told.list.relation != records::Relation::pull_request) return;
  const auto pulls = records.of(records::Relation::pull_request);
  if (pulls.size() != 1) return;
  const auto pull = *pulls.front();
  if (const auto issue = mirror::issue_of_number(connection, told.repository_id, pull.links.number))
    records.add(records::issue_of_pull(pull, *issue));
}

}  // namespace

mirror::Applied apply_told(pg::Connection& connection, const Told& told) {
  auto records = records_of(told);
  add_issue_of_pull(connection, told, records);
  auto applied = mirror::apply(
      connection, records,
      {records::Via::webhook, told.received_at, std::nullopt, told.list.relation}, {});
  // A thing that the mirror never had gets a row, too, so that what comes late finds its end.
  if (const auto end = end_of(told)) mirror::end_row(connection, *end, {});
  // It was signed with a secret of ours, so that hook sends to us.
  if (told.event == "ping")
    mirror::note_own_hook(connection, told.payload.integer("hook/id"), told.repository_id);
  return applied;
}

}  // namespace devy::scan
