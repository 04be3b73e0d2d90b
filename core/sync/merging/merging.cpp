#include "core/sync/merging/merging.hpp"

#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/record/remote.hpp"
#include "core/sync/store/merge_store.hpp"

namespace devy::merging {
namespace {

using json::Json;
using record::TaskFields;
using sync::Pair;

// One pair on its way: what its sides say in our words, and what is to be written.
class PairMerge {
 public:
  PairMerge(const Pair& pair, const config::Config& config, const Merging& merging)
      : pair_(pair), config_(config), merging_(merging) {
    result_.link = pair.link;
  }

  Result run(pg::Connection& connection, Json& changes) {
    if (pair_.gone_reason == "unlinked" || !pair_.said) return std::move(result_);
    if (!pair_.said_deleted_reason.empty()) return end(connection);
    if (!pair_.is_parent_there) {
      result_.effect = Effect::waiting;
      return std::move(result_);
    }
    read();
    const bool is_heard_before =
        pair_.base_digest == digest_ && pair_.local && pair_.gone_reason.empty();
    const bool is_older = pair_.base_at && pair_.said_at && *pair_.said_at < *pair_.base_at;
    if (!pair_.local) make(changes);
    else if (is_heard_before) stay(changes);
    else if (is_older) keep(connection);
    else bring_together(changes);
    return std::move(result_);
  }

 private:
  Result end(pg::Connection& connection) {
    if (pair_.is_task && pair_.gone_reason.empty() && pair_.moved_repository &&
        pair_.moved_number &&
        sync::move_pair(connection, pair_.link, *pair_.moved_repository, *pair_.moved_number)) {
      result_.effect = Effect::moved;
      return std::move(result_);
    }
    sync::End end{pair_.link, pair_.said_deleted_reason, std::nullopt, merging_.is_approved};
    // The text of a comment stays; GitHub never heard of an edit made here.
    if (!pair_.is_task && pair_.local && pair_.base && !pair_.is_deleted &&
        comment_text(*pair_.local) != record::to_local(record::remote_comment(*pair_.base)))
      end.lost = pair_.local;
    const bool is_ended = sync::end_pair(connection, end, merging_.operation);
    result_.effect = is_ended ? Effect::gone : Effect::held;
    return std::move(result_);
  }

  // Reads what GitHub says, in its words and in ours.
  void read() {
    if (pair_.is_task) {
      const auto said = record::remote_task(*pair_.said);
      digest_ = record::digest(said);
      base_ = record::to_json(said);
      result_.remote = record::to_local(said, label_map(pair_.labels));
    } else {
      const auto said = record::remote_comment(*pair_.said);
      digest_ = record::digest(said);
      base_ = record::to_json(said);
      result_.remote_text = record::to_local(said);
    }
    result_.at = pair_.said_at;
    result_.revision = revision_of(pair_.said_at, digest_);
  }

  [[nodiscard]] Json change_of_base() const {
    auto change = Json::object({{"link", pair_.link}, {"base", base_}, {"base_digest", digest_}});
    if (pair_.said_at) change.set("at", base::format_rfc3339(*pair_.said_at));
    if (pair_.github_id) change.set("github_id", *pair_.github_id);
    if (pair_.is_task) change.set("flags", Json::stored(pair_.flags));
    return change;
  }

  [[nodiscard]] Json fields_json() const {
    return pair_.is_task ? record::to_json(result_.fields) : Json::object({{"body", result_.text}});
  }

  void make(Json& changes) {
    result_.effect = Effect::created;
    result_.fields = result_.remote;
    result_.text = result_.remote_text;
    auto change = change_of_base();
    change.set("is_new", true).set("fields", fields_json());
    if (pair_.author_id) change.set("author_id", *pair_.author_id);
    if (!pair_.created_at.empty()) change.set("created_at", pair_.created_at);
    if (!pair_.closed_at.empty()) change.set("closed_at", pair_.closed_at);
    changes.push(std::move(change));
  }

  // GitHub says what it said: its time may be another.
  void stay(Json& changes) {
    result_.effect = Effect::unchanged;
    merge();
    if (pair_.has_same_flags && pair_.said_at == pair_.base_at) return;
    changes.push(change_of_base());
  }

  // The row is older than what was heard: it may be all that is left of somebody's edit.
  void keep(pg::Connection& connection) {
    result_.effect = Effect::unchanged;
    const auto value = pair_.is_task ? record::to_json(result_.remote)
                                     : Json::object({{"body", result_.remote_text}});
    sync::keep_value(connection, pair_.link, value, merging_.operation);
  }

  void bring_together(Json& changes) {
    merge();
    const bool is_lossy = !result_.lost.empty();
    result_.effect = is_lossy || !result_.to_send.empty() || is_joined_ ? Effect::merged
                     : is_changed_                                      ? Effect::applied
                                                                        : Effect::unchanged;
    auto change = change_of_base();
    if (is_changed_) change.set("fields", fields_json());
    if (is_changed_ || is_lossy)
      change.set("origin", result_.effect == Effect::applied ? "github" : "merge");
    if (is_lossy) change.set("lost", lost_json());
    if (!pair_.gone_reason.empty() || (pair_.is_deleted && !pair_.is_task))
      change.set("is_revived", true);
    // A change that is not ours left a difference; what a write of ours left is owed already.
    const bool is_answer = merging_.sent_task || merging_.sent_comment;
    if (!result_.to_send.empty() && pair_.base && !is_answer) change.set("is_owed", true);
    if (!result_.to_send.empty() && merging_.is_recording &&
        pair_.connection_state != "disconnected")
      change.set("is_sent", true);
    changes.push(std::move(change));
  }

  void merge() {
    const auto winner = pair_.is_local_winner ? record::Winner::local : record::Winner::github;
    if (pair_.is_task) merge_task(winner);
    else merge_comment(winner);
    for (const auto& [field, digest] : refused_values(pair_.refused)) {
      const auto value = pair_.is_task ? record::value_digest(result_.fields, field)
                                       : record::value_digest({.body = result_.text}, field);
      if (value == digest && result_.to_send.erase(field) > 0) result_.refused.insert(field);
    }
  }

  void merge_task(record::Winner winner) {
    local_ = record::task_fields(*pair_.local);
    auto base = result_.remote;
    if (merging_.sent_task) base = *merging_.sent_task;
    else if (pair_.base)
      base = record::to_local(record::remote_task(*pair_.base), label_map(pair_.labels));
    else if (pair_.sent) base = record::task_fields(*pair_.sent);
    auto local = local_;
    // A pull request that was merged is closed for good.
    if (is_merged(pair_.flags)) {
      local.is_closed = result_.remote.is_closed;
      local.state_reason = result_.remote.state_reason;
    }
    const auto merged =
        record::merge(base, local, result_.remote, winner, config_.sync.merge_bodies);
    result_.fields = merged.fields;
    result_.to_send = merged.to_send;
    result_.lost = merged.lost;
    is_changed_ = merged.is_changed || local != local_;
    is_joined_ = merged.is_body_joined;
  }

  void merge_comment(record::Winner winner) {
    auto local = comment_text(*pair_.local);
    auto base = result_.remote_text;
    if (merging_.sent_comment) base = *merging_.sent_comment;
    else if (pair_.base) base = record::to_local(record::remote_comment(*pair_.base));
    else if (pair_.sent) base = comment_text(*pair_.sent);
    local_.body = local;
    // One that was deleted here, and changed there meanwhile, comes back as it is there.
    if (pair_.is_deleted) base = local;
    const auto merged =
        record::merge(base, local, result_.remote_text, winner, config_.sync.merge_bodies);
    result_.text = merged.text;
    if (merged.is_to_send) result_.to_send.insert("body");
    if (merged.lost) result_.lost.push_back(*merged.lost);
    is_changed_ = merged.is_changed || (pair_.is_deleted && pair_.gone_reason.empty());
    is_joined_ = merged.is_joined;
  }

  [[nodiscard]] Json lost_json() const {
    auto ours = Json::object();
    auto theirs = Json::object();
    for (const auto& lost : result_.lost) {
      const auto& side = lost.is_local ? local_ : remote_side();
      add_field(lost.is_local ? ours : theirs, side, lost.field);
    }
    auto list = Json::array();
    if (ours.size() > 0) list.push(Json::object({{"fields", ours}, {"is_local", true}}));
    if (theirs.size() > 0) list.push(Json::object({{"fields", theirs}, {"is_local", false}}));
    return list;
  }
  [[nodiscard]] TaskFields remote_side() const {
    return pair_.is_task ? result_.remote : TaskFields{.body = result_.remote_text};
  }

  const Pair& pair_;
  const config::Config& config_;
  const Merging& merging_;
  Result result_;
  std::string digest_;
  Json base_;
  TaskFields local_;  // of a comment its body alone
  bool is_changed_ = false, is_joined_ = false;
};

}  // namespace

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::created: return "created";
    case Effect::applied: return "applied";
    case Effect::merged: return "merged";
    case Effect::unchanged: return "unchanged";
    case Effect::gone: return "gone";
    case Effect::moved: return "moved";
    case Effect::held: return "held";
    case Effect::waiting: return "waiting";
    case Effect::absent: return "absent";
  }
  return "absent";
}

std::vector<Result> merge_pairs(pg::Connection& connection, const config::Config& config,
                                std::span<const std::string> links, const Merging& merging) {
  auto changes = Json::array();
  std::vector<Result> results;
  for (const auto& pair : sync::load_pairs(connection, links))
    results.push_back(PairMerge(pair, config, merging).run(connection, changes));
  if (changes.size() > 0) sync::store_merges(connection, changes, merging.operation);
  return results;
}

Result merge_pair(pg::Connection& connection, const config::Config& config, const std::string& link,
                  const Merging& merging) {
  auto results = merge_pairs(connection, config, std::span(&link, 1), merging);
  if (results.empty())
    throw base::Error(base::ErrorKind::not_found,
                      "unable to compare " + link + " with GitHub: it has no pair there");
  return std::move(results.front());
}

}  // namespace devy::merging
