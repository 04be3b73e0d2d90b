#include "core/sync/record/merge.hpp"

#include <algorithm>
#include <utility>

#include "core/platform/git/merge_lines.hpp"

namespace devy::record {
namespace {

enum class Side { neither, local, remote, both_alike, conflict };

template <class Value>
Side changed_side(const Value& base, const Value& local, const Value& remote) {
  if (local == base) return remote == base ? Side::neither : Side::remote;
  if (remote == base) return Side::local;
  return local == remote ? Side::both_alike : Side::conflict;
}

// The value that both sides are to have, of a field that is one value.
template <class Value>
const Value& merged_value(const Value& base, const Value& local, const Value& remote, Winner winner,
                          const char* field, std::vector<Lost>& lost) {
  switch (changed_side(base, local, remote)) {
    case Side::local: return local;
    case Side::conflict:
      lost.push_back({field, winner == Winner::github});
      return winner == Winner::github ? remote : local;
    default: return remote;
  }
}

// (remote ∪ added here) − removed here.
template <class Value>
std::set<Value> merged_set(const std::set<Value>& base, const std::set<Value>& local,
                           const std::set<Value>& remote) {
  auto merged = remote;
  for (const auto& value : local)
    if (!base.contains(value)) merged.insert(value);
  for (const auto& value : base)
    if (!local.contains(value)) merged.erase(value);
  return merged;
}

using State = std::pair<bool, std::string>;

// A closed one without a reason is completed.
State state_of(const TaskFields& fields) {
  if (!fields.is_closed) return {false, ""};
  return {true, fields.state_reason.empty() ? "completed" : fields.state_reason};
}

std::size_t line_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
}

}  // namespace

std::optional<std::string> join_lines(std::string_view base, std::string_view local,
                                      std::string_view remote) {
  if (std::max({line_count(base), line_count(local), line_count(remote)}) > join_lines_max)
    return std::nullopt;
  // The last line is one like the others, whether or not one follows it on another side.
  const auto ended = [](std::string_view text) {
    return text.empty() ? std::string() : std::string(text) + "\n";
  };
  auto joined = git::merge_lines(ended(base), ended(local), ended(remote));
  if (joined && joined->ends_with('\n')) joined->pop_back();
  return joined;
}

MergedText merge(std::string_view base, std::string_view local, std::string_view remote,
                 Winner winner, bool joins_bodies) {
  MergedText merged;
  if (joins_bodies && changed_side(base, local, remote) == Side::conflict) {
    if (auto joined = join_lines(base, local, remote)) {
      merged.text = std::move(*joined);
      merged.is_joined = true;
    }
  }
  if (!merged.is_joined) {
    std::vector<Lost> lost;
    merged.text = merged_value(base, local, remote, winner, "body", lost);
    if (!lost.empty()) merged.lost = lost.front();
  }
  merged.is_to_send = merged.text != remote;
  merged.is_changed = merged.text != local;
  return merged;
}

Merged merge(const TaskFields& base, const TaskFields& local, const TaskFields& remote,
             Winner winner, bool joins_bodies) {
  Merged merged;
  auto& fields = merged.fields;
  fields.title = merged_value(base.title, local.title, remote.title, winner, "title", merged.lost);
  auto body = merge(base.body, local.body, remote.body, winner, joins_bodies);
  fields.body = std::move(body.text);
  merged.is_body_joined = body.is_joined;
  if (body.lost) merged.lost.push_back(*body.lost);
  const auto state =
      merged_value(state_of(base), state_of(local), state_of(remote), winner, "state", merged.lost);
  fields.is_closed = state.first;
  fields.state_reason = state.second;
  fields.labels = merged_set(base.labels, local.labels, remote.labels);
  fields.milestone = merged_value(base.milestone, local.milestone, remote.milestone, winner,
                                  "milestone", merged.lost);
  fields.assignees = merged_set(base.assignees, local.assignees, remote.assignees);
  if (fields.title != remote.title) merged.to_send.insert("title");
  if (body.is_to_send) merged.to_send.insert("body");
  if (state != state_of(remote)) merged.to_send.insert("state");
  if (fields.labels != remote.labels) merged.to_send.insert("labels");
  if (fields.milestone != remote.milestone) merged.to_send.insert("milestone");
  if (fields.assignees != remote.assignees) merged.to_send.insert("assignees");
  merged.is_changed = fields.title != local.title || body.is_changed || state != state_of(local) ||
                      fields.labels != local.labels || fields.milestone != local.milestone ||
                      fields.assignees != local.assignees;
  return merged;
}

}  // namespace devy::record
