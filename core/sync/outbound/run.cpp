#include "core/sync/outbound/run.hpp"

#include "core/mirror/scan/ask_about.hpp"
#include "core/mirror/scan/item.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/merge_store.hpp"
#include "core/sync/store/step_store.hpp"

namespace devy::outbound {
namespace {

using base::Error;
using base::ErrorKind;
using merging::Effect;
using queue::AttemptResult;

// A connection's first sync goes on meanwhile.
constexpr std::chrono::seconds first_sync_pause{10};
constexpr std::chrono::seconds look_again_pause{1};

AttemptResult interrupted(const char* code, std::string text, std::chrono::milliseconds delay) {
  AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.error_code = code;
  result.error_text = std::move(text);
  result.delay = delay;
  return result;
}

AttemptResult ended(queue::Outcome outcome, std::string code, std::string text,
                    std::string hint) {
  AttemptResult result;
  result.outcome = outcome;
  result.error_code = std::move(code);
  result.error_text = std::move(text);
  result.error_hint = std::move(hint);
  return result;
}

}  // namespace

Run::Run(const RunParts& parts, sync::Sending sending)
    : parts_(parts),
      connection_(parts.attempt.connection),
      sending_(std::move(sending)),
      api_(parts.context.config, parts.access, parts.repository),
      caller_(connection_, parts.context.config.sync, parts.context.clock, parts.attempt.stop) {}

std::string Run::issues() const {
  return "/repos/" + parts_.repository.name + "/issues";
}

const scan::List& Run::list() const {
  return *scan::find_list(sending_.is_task ? "issues" : "comments");
}

record::TaskFields Run::fields() const {
  if (sending_.is_task) return record::task_fields(sending_.fields);
  record::TaskFields fields;
  fields.body = merging::comment_text(sending_.fields);
  return fields;
}

void Run::begin(const std::string& step, bool is_interruptible) {
  parts_.attempt.check();
  const auto verdict = queue::begin_step(
      connection_, parts_.attempt.lease,
      {step, is_interruptible, parts_.context.config.queue.lease_ttl});
  if (verdict != queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
}

void Run::fence() const {
  queue::fence(connection_, parts_.attempt.lease, parts_.context.config.queue.lease_ttl);
}

void Run::write_note(sync::SendingNote note) {
  note.calls = caller_.notes();
  sync::note_sending(connection_, parts_.attempt.lease.operation, note);
  const int writes = caller_.writes() - std::exchange(noted_writes_, caller_.writes());
  const int contents = caller_.contents() - std::exchange(noted_contents_, caller_.contents());
  if (writes > 0) sync::count_writes(connection_, share(), writes, contents);
}

void Run::note_calls() {
  write_note({});
}

Run::Result Run::find_obstacle() {
  const auto& state = sending_.connection_state;
  if (!sending_.gone_reason.empty() || !sending_.parent_gone_reason.empty())
    return end_unchanged("gone");
  if (state == "disconnected") return end_unchanged("gone");
  if (state == "connecting" || state == "loading")
    return interrupted("first_sync", "the connection reads GitHub first", first_sync_pause);
  if (state == "suspended")
    return interrupted("installation_suspended", "the App's installation is suspended",
                       std::chrono::minutes(1));
  if (state == "blocked") {
    const auto text = sync::explain_reason(sending_.connection_reason);
    return ended(queue::Outcome::held, sending_.connection_reason, text.message, text.hint);
  }
  if (sending_.key) return std::nullopt;
  if (sending_.is_deleted && !sending_.intent) return end_unchanged("unchanged");
  if (!sending_.is_task && !sending_.parent_key) return end_unchanged("unchanged");
  // Comments before it go first; the last of them records this one again.
  if (!sending_.is_next) return end_unchanged("unchanged");
  return std::nullopt;
}

Run::Result Run::go() {
  begin("look", true);
  if (auto obstacle = find_obstacle()) return obstacle;
  if (!api_.has_credential())
    return block("credentials",
                 Error(ErrorKind::denied, "unable to write to GitHub: there is no credential for it",
                       "Configure a GitHub App, or github.token_file."));
  if (sending_.key) return bring_together();
  return sending_.intent ? look_up() : create();
}

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

Run::Item Run::item_of(github::Answer answer) const {
  Item item;
  const auto document = github::parse_document(answer.body);
  const auto key = document.if_integer(sending_.is_task ? "number" : "id");
  if (!key) github::throw_garbage("it is no issue or comment");
  item.key = *key;
  if (sending_.is_task) item.id = document.if_integer("id");
  list().process(document, scan::origin_of(answer, parts_.reason.repository_id), item.records);
  item.answer = std::move(answer);
  return item;
}

// Run it inside the caller's transaction.
void Run::apply(const Item& item) {
  mirror::apply(connection_, item.records,
                {records::Via::api, item.answer.sent_at, item.answer.date, list().relation}, {});
}

// What GitHub says now. Nothing: it says what it said, or, unless `is_unchanged`, shows it no more.
std::optional<Run::Item> Run::look(bool& is_unchanged) {
  const auto repository = parts_.reason.repository_id;
  const auto address = scan::item_address(list(), repository, std::to_string(*sending_.key));
  const auto name = api_.name_page(address);
  auto known = sending_.base.empty() || parts_.attempt.lease.is_forced
                   ? std::nullopt
                   : mirror::find_validator(connection_, name, list().relation);
  github::Answer answer;
  try {
    answer = caller_.get(api_, address, known ? &*known : nullptr);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return std::nullopt;
  }
  if (answer.is_unchanged) {
    is_unchanged = true;
    return std::nullopt;
  }
  const auto document = github::parse_document(answer.body);
  if (scan::other_repository(document, repository, parts_.repository.name)) return std::nullopt;
  return item_of(std::move(answer));
}

// GitHub does not show it: its row ends, if it is really gone, and with it the pair.
Run::Result Run::end_there() {
  const auto repository = parts_.reason.repository_id;
  const auto key = std::to_string(*sending_.key);
  const auto row = mirror::find_row(connection_, repository, list().name, key);
  scan::Seen seen;
  if (row)
    seen = scan::look_at(connection_, api_, parts_.repository, list(), *row,
                         parts_.context.clock.now());
  pg::Transaction transaction(connection_);
  fence();
  if (seen.end) mirror::end_row(connection_, *seen.end, {});
  merging::Merging merging;
  merging.operation = parts_.attempt.lease.operation;
  merging.is_approved = parts_.attempt.lease.is_approved;
  merging.is_recording = false;
  const auto merged = merging::merge_pair(connection_, parts_.context.config, sending_.link, merging);
  if (merged.effect == Effect::held) {
    write_note({});
    auto result = ended(queue::Outcome::held, "mass_delete",
                        "unable to go on: too many issues and comments were deleted",
                        "Look at the repository, then run 'devy-upload project approve'.");
    queue::finish(connection_, parts_.attempt.lease, result);
    transaction.commit();
    return std::nullopt;
  }
  const bool is_ended = merged.effect == Effect::gone || sending_.is_deleted;
  if (is_ended) {
    if (sending_.is_deleted) sync::unlink(connection_, sending_.link, "deleted");
    sync::clear_owed(connection_, sending_.link, sending_.owed);
    write_note({.outcome = "gone"});
    mirror::tell_observers(connection_, parts_.observers);
    queue::finish(connection_, parts_.attempt.lease, AttemptResult{});
    transaction.commit();
    queue::wake_workers(connection_);
    return std::nullopt;
  }
  mirror::tell_observers(connection_, parts_.observers);
  write_note({});
  transaction.commit();
  return block("issues_off",
               Error(ErrorKind::not_found, "unable to read it at GitHub: issues may be switched off",
                     "Switch issues on at GitHub, then run 'devy-upload project sync'."));
}

Run::Result Run::bring_together() {
  bool is_unchanged = false;
  auto item = look(is_unchanged);
  if (!item && !is_unchanged) return end_there();
  base::fault_point("before_sync_merge");
  pg::Transaction transaction(connection_);
  fence();
  if (item) {
    apply(*item);
    mirror::Validator validator;
    validator.etag = item->answer.etag;
    validator.last_modified = item->answer.last_modified;
    validator.ids = {item->id.value_or(item->key)};
    if (!validator.etag.empty())
      mirror::keep_validator(
          connection_,
          api_.name_page(scan::item_address(list(), parts_.reason.repository_id,
                                            std::to_string(*sending_.key))),
          parts_.reason.repository_id, validator);
  }
  merging::Merging merging;
  merging.operation = parts_.attempt.lease.operation;
  merging.is_recording = false;
  const auto merged = merging::merge_pair(connection_, parts_.context.config, sending_.link, merging);
  mirror::tell_observers(connection_, parts_.observers);
  // What the merge has written counts from here on: the record's version, its base, what is owed.
  sending_ = sync::load_sending(connection_, parts_.attempt.lease.operation).value();
  const bool is_to_delete = sending_.is_deleted && merged.effect != Effect::gone;
  if (!is_to_delete && merged.to_send.empty()) {
    sync::clear_owed(connection_, sending_.link, sending_.owed);
    const auto outcome = merged.effect == Effect::unchanged || merged.effect == Effect::absent
                             ? "unchanged"
                             : merging::to_string(merged.effect);
    write_note({.outcome = std::string(outcome), .github_at = merged.at});
    AttemptResult result;
    result.event_at = merged.at;
    queue::finish(connection_, parts_.attempt.lease, result);
    if (sending_.is_task) sync::record_next_comment(connection_, sending_.link);
    base::fault_point("before_sync_commit");
    transaction.commit();
    queue::wake_workers(connection_);
    return std::nullopt;
  }
  write_note({});
  transaction.commit();
  // Nobody here wants this write: it would answer our own, or another program's that does the same.
  if (!is_to_delete && sending_.owed == 0 && !parts_.attempt.lease.is_approved) {
    base::count("sync_loops");
    return ended(queue::Outcome::held, "loop", "unable to write to GitHub: nothing is owed to it",
                 "Another program may change the record back. Look at both, then approve.");
  }
  return is_to_delete ? delete_there(merged) : send_edit(merged);
}

Run::Result Run::send_edit(const merging::Result& merged) {
  const Content content(connection_, parts_.context.config, sending_,
                        parts_.reason.repository_id);
  Plan plan = sending_.is_task
                  ? content.edit_task(merged.fields, record::remote_task(sending_.base),
                                      merged.to_send)
                  : content.edit_comment(merged.text, record::remote_comment(sending_.base));
  unknown_ = plan.unknown;
  sending_.fields = sending_.is_task
                        ? record::to_json(merged.fields).compact()
                        : json::Json::object({{"body", merged.text}}).compact();
  caller_.charge(api_, plan.requests.empty() ? github::Weight::reading : github::Weight::write);
  begin("send", false);
  base::fault_point("before_sync_send");
  std::optional<Item> item;
  std::set<std::string> refused;
  if (auto result = send_all(plan, item, refused)) return result;
  base::fault_point("after_sync_send");
  auto sent = plan.fields;
  for (const auto& field : refused)
    sent.erase(field);
  refused.insert(unknown_.begin(), unknown_.end());
  return record_answer(item, sent, refused, sent.empty() ? "refused" : "sent", sending_.version);
}

Run::Result Run::send_all(const Plan& plan, std::optional<Item>& item,
                          std::set<std::string>& refused) {
  bool is_first = true;
  bool is_item_old = false;
  for (const auto& request : plan.requests) {
    if (!is_first) caller_.charge(api_, github::Weight::write);
    is_first = false;
    try {
      auto answer = caller_.write(api_, request.method, issues() + request.path, request.body);
      is_item_old = !request.answers_item || answer.is_unchanged;
      if (!is_item_old) item = item_of(std::move(answer));
    } catch (const Error& error) {
      // A label that is not on the issue any more is what was wanted.
      if (error.kind() == ErrorKind::not_found && request.method == "DELETE") {
        is_item_old = true;
        continue;
      }
      if (error.code() == "github_refused" || error.code() == "github_blocked") {
        refused.insert(request.fields.begin(), request.fields.end());
        refusal_ = error;
        is_item_old = true;
        continue;
      }
      if (error.kind() == ErrorKind::not_found)
        return interrupted("look_again", error.text(), look_again_pause);
      if (error.kind() == ErrorKind::denied) return refuse(error, request.fields);
      throw;
    }
  }
  // Not every answer has the whole: what the record's base is then, a look says.
  if (is_item_old) {
    const auto address =
        scan::item_address(list(), parts_.reason.repository_id, std::to_string(*sending_.key));
    item = item_of(caller_.get(api_, address));
  }
  return std::nullopt;
}

Run::Result Run::delete_there(const merging::Result& merged) {
  std::optional<Item> item;
  const bool is_there = sending_.is_task ? !merged.remote.is_closed : true;
  if (is_there) {
    caller_.charge(api_, github::Weight::write);
    begin("send", false);
    try {
      const auto key = std::to_string(*sending_.key);
      if (sending_.is_task)
        item = item_of(caller_.write(
            api_, "PATCH", issues() + "/" + key,
            json::Json::object({{"state", "closed"}, {"state_reason", "not_planned"}}).compact()));
      else
        static_cast<void>(caller_.write(api_, "DELETE", issues() + "/comments/" + key, ""));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::denied) return refuse(error, {"state"});
      if (error.kind() != ErrorKind::not_found) throw;
    }
  }
  pg::Transaction transaction(connection_);
  fence();
  if (item) apply(*item);
  if (!sending_.is_task) {
    mirror::RowEnd end;
    end.list = list().name;
    end.id = *sending_.key;
    end.reason = "deleted";
    end.at = parts_.context.clock.now();
    end.repository_id = parts_.reason.repository_id;
    mirror::end_row(connection_, end, {});
  }
  sync::unlink(connection_, sending_.link, sending_.is_task ? "unlinked" : "deleted");
  mirror::tell_observers(connection_, parts_.observers);
  write_note({.outcome = is_there ? "sent" : "unchanged"});
  queue::finish(connection_, parts_.attempt.lease, AttemptResult{});
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
  const auto merged = merging::merge_pair(connection_, parts_.context.config, sending_.link, merging);
  const auto now = sending_.is_task ? merged.fields : record::TaskFields{.body = merged.text};
  std::map<std::string, std::string> refused;
  auto remaining = merged.to_send;
  for (const auto& field : merged.to_send) {
    const bool was_tried = sent_fields.contains(field) || not_taken.contains(field);
    if (!was_tried || record::value_digest(now, field) != record::value_digest(sent, field)) continue;
    refused[field] = record::value_digest(now, field);
    remaining.erase(field);
  }
  // Of what GitHub would not make there is nothing to compare with.
  if (!item)
    for (const auto& field : not_taken)
      refused[field] = record::value_digest(sent, field);
  // What was taken is refused no more.
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
  AttemptResult result;
  result.event_at = merged.at;
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
  if (error.text().find("lock") == std::string::npos) return block("permission_missing", error);
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
