// The part of a run that writes down what has become of it, and ends the operation.
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/outbound/results.hpp"
#include "core/sync/outbound/run.hpp"
#include "core/sync/store/merge_store.hpp"
#include "core/sync/store/step_store.hpp"

namespace devy::outbound {

using base::Error;
using base::ErrorKind;
using queue::AttemptResult;

// Ends the operation, and has the next comment sent.
Run::Result Run::end_unchanged(const char* outcome) {
  pg::Transaction transaction(connection_);
  fence();
  write_note({.outcome = outcome});
  queue::finish(connection_, parts_.attempt.lease, AttemptResult{});
  if (!sending_.is_task && sending_.gone_reason.empty() && sending_.parent_key)
    sync::record_next_comment(connection_, sending_.parent);
  transaction.commit();
  queue::wake_workers(connection_);
  return std::nullopt;
}

// Writes what GitHub has answered, and ends the operation.
Run::Result Run::record_answer(const std::optional<Item>& item,
                               const std::set<std::string>& sent_fields,
                               const std::set<std::string>& not_taken, const char* outcome,
                               int version) {
  auto sent = fields();
  pg::Transaction transaction(connection_);
  fence();
  if (item) apply(*item);
  merging::Merging merging;
  merging.operation = parts_.attempt.lease.operation;
  merging.is_recording = false;
  const auto pairs = sync::load_pairs(connection_, std::span(&sending_.link, 1));
  // A creation that was found later asked for what the record said then.
  const bool is_edited_since = version != sending_.version;
  if (!pairs.empty() && pairs.front().sent)
    sent = sending_.is_task
               ? record::task_fields(*pairs.front().sent)
               : record::TaskFields{.body = merging::comment_text(*pairs.front().sent)};
  const bool is_sent_known = !is_edited_since || (!pairs.empty() && pairs.front().sent);
  // Sets and names that GitHub has not taken are no news of GitHub's.
  auto asked = sent;
  if (sending_.is_task && !pairs.empty() && pairs.front().said) {
    const auto there = record::to_local(record::remote_task(*pairs.front().said),
                                        merging::label_map(pairs.front().labels));
    asked.labels = there.labels;
    asked.assignees = there.assignees;
    asked.milestone = there.milestone;
    if (not_taken.contains("title")) asked.title = there.title;
    if (not_taken.contains("body")) asked.body = there.body;
    if (not_taken.contains("state") || !sent_fields.contains("state")) {
      asked.is_closed = there.is_closed;
      asked.state_reason = there.state_reason;
    }
  }
  if (is_sent_known && item && sending_.is_task) merging.sent_task = asked;
  if (is_sent_known && item && !sending_.is_task && !not_taken.contains("body"))
    merging.sent_comment = asked.body;
  const auto merged =
      merging::merge_pair(connection_, parts_.context.config, sending_.link, merging);
  const auto now = sending_.is_task ? merged.fields : record::TaskFields{.body = merged.text};
  std::map<std::string, std::string> refused;
  auto remaining = merged.to_send;
  for (const auto& field : merged.to_send) {
    const bool was_tried = sent_fields.contains(field) || not_taken.contains(field);
    if (!was_tried || record::value_digest(now, field) != record::value_digest(sent, field))
      continue;
    refused[field] = record::value_digest(now, field);
    remaining.erase(field);
  }
  // There is nothing to compare with where GitHub would not make it.
  if (!item)
    for (const auto& field : not_taken)
      refused[field] = record::value_digest(sent, field);
  // Fields that were taken are refused no more.
  for (const auto& field : sent_fields)
    if (!merged.to_send.contains(field)) refused[field] = "";
  sync::clear_owed(connection_, sending_.link, sending_.owed);
  sync::set_refused(connection_, sending_.link, refused);
  if (!remaining.empty()) sync::add_owed(connection_, sending_.link);
  mirror::tell_observers(connection_, parts_.observers);
  sync::SendingNote note;
  note.outcome = outcome;
  note.fields = sent_fields;
  if (item) note.key = item->key;
  note.github_at = merged.at;
  note.version = version;
  write_note(std::move(note));
  // The time of a write is not told: an older event that comes yet may be of an edit that the write
  // took the place of, and is to be looked at.
  AttemptResult result;
  if (std::string_view(outcome) == "refused")
    result = ended(queue::Outcome::failed, "refused",
                   refusal_ ? refusal_->text() : "unable to send it: GitHub has no such name",
                   "Change what it says, or have it sent again with 'devy-upload task sync'.");
  queue::finish(connection_, parts_.attempt.lease, result);
  if (!remaining.empty()) sync::record_outbound(connection_, sending_.link, 110);
  sync::record_next_comment(connection_, sending_.is_task ? sending_.link : sending_.parent);
  base::fault_point("before_sync_commit");
  transaction.commit();
  queue::wake_workers(connection_);
  return std::nullopt;
}

// GitHub has denied a write.
Run::Result Run::refuse(const Error& error, const std::set<std::string>& fields) {
  if (error.code() == "github_unauthorized") {
    parts_.access.forget(parts_.repository);
    if (parts_.access.is_app() && parts_.attempt.lease.attempt < 2) {
      AttemptResult result = interrupted("github_unauthorized", error.text(), look_again_pause);
      result.outcome = queue::Outcome::retry;
      return result;
    }
    return block("credentials", error);
  }
  if (error.text().find("archived") != std::string::npos) return block("archived", error);
  if (error.text().find(" locked") == std::string::npos) return block("permission", error);
  // The conversation is locked: it waits until that ends, or a person asks again.
  std::map<std::string, std::string> refused;
  for (const auto& field : fields)
    refused[field] = record::value_digest(this->fields(), field);
  pg::Transaction transaction(connection_);
  fence();
  sync::clear_owed(connection_, sending_.link, sending_.owed);
  sync::set_refused(connection_, sending_.link, refused);
  write_note({.outcome = "refused"});
  queue::finish(connection_, parts_.attempt.lease,
                ended(queue::Outcome::failed, "locked", error.text(),
                      "Unlock the conversation at GitHub, then have it sent again with "
                      "'devy-upload task sync'."));
  if (!sending_.is_task) sync::record_next_comment(connection_, sending_.parent);
  transaction.commit();
  queue::wake_workers(connection_);
  return std::nullopt;
}

// Nothing of the connection can be written before a person acts.
Run::Result Run::block(const std::string& reason, const Error& error) {
  pg::Transaction transaction(connection_);
  fence();
  sync::block_connection(connection_, sending_.connection, reason);
  write_note({});
  queue::finish(connection_, parts_.attempt.lease,
                ended(queue::Outcome::held, reason, error.text(), error.hint()));
  transaction.commit();
  return std::nullopt;
}

}  // namespace devy::outbound
