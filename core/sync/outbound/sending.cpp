// The part of a run that sends edits and deletions.
#include "core/mirror/scan/item.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/outbound/results.hpp"
#include "core/sync/outbound/run.hpp"

namespace devy::outbound {

using base::Error;
using base::ErrorKind;
using queue::AttemptResult;

namespace {

// A field that another program writes as often as we do is left alone for so long.
constexpr std::chrono::hours contested_pause{1};

}  // namespace

Run::Result Run::send_edit(const merging::Result& merged) {
  const Content content(connection_, parts_.context.config, sending_, parts_.reason.repository_id);
  Plan plan =
      sending_.is_task
          ? content.edit_task(merged.fields, record::remote_task(sending_.base), merged.to_send)
          : content.edit_comment(merged.text, record::remote_comment(sending_.base));
  unknown_ = plan.unknown;
  if (!parts_.attempt.lease.is_approved &&
      sync::is_contested(connection_, parts_.attempt.lease.operation, plan.fields)) {
    base::count("sync_contested");
    return interrupted("contested",
                       "merges write the same field again and again: another program may, too",
                       contested_pause);
  }
  sending_.fields = sending_.is_task ? record::to_json(merged.fields).compact()
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
    try {
      item = item_of(caller_.get(api_, address));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      return interrupted("look_again", error.text(), look_again_pause);
    }
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
      else static_cast<void>(caller_.write(api_, "DELETE", issues() + "/comments/" + key, ""));
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

}  // namespace devy::outbound
