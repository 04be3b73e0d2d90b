#include "core/mirror/verify/comparison.hpp"

#include <algorithm>

#include "core/mirror/records/comparable.hpp"
#include "core/mirror/scan/ask_about.hpp"
#include "core/mirror/scan/by_time.hpp"
#include "core/mirror/scan/read_on.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/github/document.hpp"

namespace devy::verify {
namespace {

using base::Error;
using base::ErrorKind;

// A list of two million items: nobody has one, and a server that never ends is not followed.
constexpr int pages_max = 20'000;
// Above that a load of the whole repository is the better answer than a list of what differs.
constexpr std::size_t drift_max = 10'000;
// Things that a list had, and that are asked for once more. So many cannot have changed while it
// was read: the rest counts as the list had it. What it had not is asked about always.
constexpr std::size_t asked_again_max = 200;
constexpr int rows_at_once = 1'000;

Drift drift_of(const scan::List& list, DriftKind kind, std::int64_t id) {
  Drift drift;
  drift.kind = kind;
  drift.list = list.name;
  drift.relation = records::to_string(list.relation);
  drift.id = id;
  return drift;
}

Drift drift_of(const scan::List& list, const mirror::Difference& difference) {
  auto drift = drift_of(list, difference.fields.empty() ? DriftKind::missing : DriftKind::different,
                        difference.id);
  drift.number = difference.number;
  drift.key = difference.key;
  drift.fields = difference.fields;
  return drift;
}

Drift drift_of(const scan::List& list, const mirror::PickedRow& row) {
  auto drift = drift_of(list, DriftKind::extra, row.id);
  drift.number = row.number;
  drift.key = row.key;
  return drift;
}

mirror::Part beginning_of(const scan::List& list) {
  mirror::Part part;
  if (list.paging == scan::Paging::by_time) part.from_at = scan::earliest;
  else part.next_page = part.stride = 1;
  return part;
}

// A list that is switched off, or that the credential may not see.
bool is_not_shown(const scan::List& list, const Error& error) {
  return error.code() == "github_gone" ||
         (list.needs_admin &&
          (error.kind() == ErrorKind::not_found || error.code() == "github_forbidden"));
}

}  // namespace

Comparison::Comparison(Means means, Watch watch) : means_(means), watch_(std::move(watch)) {
  found_.repository = means_.repository.name;
}

Verification Comparison::of_lists() {
  const bool sees_hooks = is_admin();
  const auto repository =
      mirror::find_repository(means_.connection, means_.repository.github_id.value());
  for (const auto& list : scan::lists()) {
    if (list.paging == scan::Paging::by_row || list.paging == scan::Paging::by_key) continue;
    // Comments are mirrored where somebody asked for them.
    const bool is_optional = list.relation == records::Relation::issue_comment;
    if (is_optional && !(repository && repository->last_scanned.at(list.name))) continue;
    if (list.needs_admin && !sees_hooks) found_.left_out.emplace_back(list.name);
    else compare_list(list);
  }
  return finish();
}

Verification Comparison::of_sample(int rows) {
  for (const auto& row :
       mirror::pick_rows(means_.connection, means_.repository.github_id.value(), rows)) {
    const auto& list = *scan::find_list(row.list);
    if (auto drift = judge(list, drift_of(list, row))) add(std::move(*drift));
    watch_.on_progress("", ++found_.compared);
  }
  return finish();
}

Verification Comparison::of_drift(const Verification& earlier) {
  for (const auto& before : earlier.drift) {
    if (auto drift = judge(*scan::find_list(before.list), before)) add(std::move(*drift));
    watch_.on_progress("", ++found_.compared);
  }
  found_.left_out = earlier.left_out;
  found_.is_cut = earlier.is_cut;
  return finish();
}

// Asks who the repository is, too: lists are read by its id.
bool Comparison::is_admin() {
  watch_.check();
  const auto id = means_.repository.github_id.value();
  const auto answer = means_.api.get(means_.connection, "/repositories/" + std::to_string(id));
  const auto document = github::parse_document(answer.body);
  if (document.if_integer("id") != id) github::throw_garbage("it is another repository's");
  return document.if_boolean("permissions/admin").value_or(false);
}

void Comparison::compare_list(const scan::List& list) {
  const auto begun_at = means_.clock.now();
  Suspects suspects;
  std::vector<std::int64_t> ids;
  if (!read_list(list, suspects, ids)) {
    found_.left_out.emplace_back(list.name);
    return;
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  found_.compared += static_cast<std::int64_t>(ids.size());
  add_extra(list, begun_at, ids, suspects);
  ask_again(list, suspects);
}

bool Comparison::read_list(const scan::List& list, Suspects& suspects,
                           std::vector<std::int64_t>& ids) {
  auto part = beginning_of(list);
  for (int pages = 0; pages < pages_max; ++pages) {
    watch_.check();
    scan::ReadOn read;
    try {
      read = scan::read_on(means_.connection, means_.api, list, means_.repository.github_id.value(),
                           "all", part);
    } catch (const Error& error) {
      if (!is_not_shown(list, error)) throw;
      return false;
    }
    for (const auto* record : read.page.records.of(list.relation))
      ids.push_back(record->id);
    for (const auto& difference : compare(list, read.page.records, read.page.sent_at)) {
      if (suspects.size() >= drift_max) found_.is_cut = true;
      else suspects.insert_or_assign(difference.id, drift_of(list, difference));
    }
    watch_.on_progress(list.name, static_cast<std::int64_t>(ids.size()));
    if (read.is_at_end) return true;
  }
  github::throw_garbage("its list does not end");
}

void Comparison::add_extra(const scan::List& list, base::TimePoint begun_at,
                           const std::vector<std::int64_t>& ids, Suspects& suspects) {
  const mirror::OlderRows older{means_.repository.github_id.value(), list.name, begun_at};
  std::int64_t after_id = 0;
  for (bool is_more = true; is_more && !found_.is_cut;) {
    const auto rows = mirror::older_rows(means_.connection, older, after_id, rows_at_once);
    is_more = rows.size() == rows_at_once;
    for (const auto& row : rows) {
      after_id = row.id;
      if (std::ranges::binary_search(ids, row.id)) continue;
      if (suspects.size() >= drift_max) found_.is_cut = true;
      else suspects.insert_or_assign(row.id, drift_of(list, row));
    }
  }
}

void Comparison::ask_again(const scan::List& list, const Suspects& suspects) {
  std::size_t asked = 0;
  for (const auto& [id, suspect] : suspects) {
    if (suspect.kind != DriftKind::extra && ++asked > asked_again_max) add(suspect);
    else if (auto drift = judge(list, suspect)) add(std::move(*drift));
  }
}

std::optional<Drift> Comparison::judge(const scan::List& list, const Drift& suspect) {
  watch_.check();
  const auto seen = scan::look_at(means_.connection, means_.api, means_.repository, list,
                                  {suspect.id, suspect.key}, means_.clock.now());
  if (seen.end) {
    const mirror::OlderRows older{means_.repository.github_id.value(), list.name, seen.end->at};
    if (!mirror::is_still_there(means_.connection, older, list.relation, suspect.id))
      return std::nullopt;
    auto extra = suspect;
    extra.kind = DriftKind::extra;
    extra.fields.clear();
    return extra;
  }
  if (!seen.answer) return std::nullopt;  // GitHub does not want to tell
  for (const auto& difference : compare(list, seen.records, seen.answer->sent_at))
    if (difference.id == suspect.id) return drift_of(list, difference);
  return std::nullopt;
}

std::vector<mirror::Difference> Comparison::compare(const scan::List& list,
                                                    const records::Records& records,
                                                    base::TimePoint sent_at) {
  records::Records comparable;
  for (const auto* record : records.of(list.relation))
    comparable.add(records::comparable(*record));
  return mirror::compare(means_.connection, comparable, list.relation, sent_at);
}

void Comparison::add(Drift drift) {
  if (found_.drift.size() >= drift_max) found_.is_cut = true;
  else found_.drift.push_back(std::move(drift));
}

Verification Comparison::finish() {
  found_.requests = means_.api.requests();
  found_.unsettled =
      mirror::count_rows(means_.connection, means_.repository.github_id.value()).unsettled;
  return std::move(found_);
}

}  // namespace devy::verify
