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
#include "core/sync/outbound/results.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/step_store.hpp"

namespace devy::outbound {
namespace {

using base::Error;
using base::ErrorKind;
using merging::Effect;
using queue::AttemptResult;

// A connection's first sync goes on meanwhile.
constexpr std::chrono::seconds first_sync_pause{10};

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
  const auto verdict =
      queue::begin_step(connection_, parts_.attempt.lease,
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
    return block("credentials", Error(ErrorKind::denied,
                                      "unable to write to GitHub: there is no credential for it",
                                      "Configure a GitHub App, or github.token_file."));
  if (sending_.key) return bring_together();
  return sending_.intent ? look_up() : create();
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

// GitHub's present word. Nothing: it says what it said, or, unless `is_unchanged`, shows it no
// more.
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
  const auto merged =
      merging::merge_pair(connection_, parts_.context.config, sending_.link, merging);
  if (merged.effect == Effect::held) {
    write_note({});
    auto result = ended(queue::Outcome::held, "mass_delete",
                        "unable to go on: too many issues and comments were deleted",
                        "Look at the repository, then run 'devy-upload project approve'.");
    queue::finish(connection_, parts_.attempt.lease, result);
    transaction.commit();
    return std::nullopt;
  }
  // It was transferred within the project: what is owed is sent to where it is now, by an operation
  // that the merge has recorded.
  const bool is_moved = merged.effect == Effect::moved;
  if (is_moved || merged.effect == Effect::gone || sending_.is_deleted) {
    if (sending_.is_deleted && !is_moved) sync::unlink(connection_, sending_.link, "deleted");
    if (!is_moved) sync::clear_owed(connection_, sending_.link, sending_.owed);
    write_note({.outcome = is_moved ? "unchanged" : "gone"});
    mirror::tell_observers(connection_, parts_.observers);
    queue::finish(connection_, parts_.attempt.lease, AttemptResult{});
    transaction.commit();
    queue::wake_workers(connection_);
    return std::nullopt;
  }
  mirror::tell_observers(connection_, parts_.observers);
  write_note({});
  transaction.commit();
  return block(
      "issues_off",
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
      mirror::keep_validator(connection_,
                             api_.name_page(scan::item_address(list(), parts_.reason.repository_id,
                                                               std::to_string(*sending_.key))),
                             parts_.reason.repository_id, validator);
  }
  merging::Merging merging;
  merging.operation = parts_.attempt.lease.operation;
  merging.is_recording = false;
  const auto merged =
      merging::merge_pair(connection_, parts_.context.config, sending_.link, merging);
  mirror::tell_observers(connection_, parts_.observers);
  // From here on counts what the merge has written: the record's version, its base, what is owed.
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

}  // namespace devy::outbound
