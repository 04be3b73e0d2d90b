#include "core/publishing/store/upload_json.hpp"

#include "core/platform/queue/history.hpp"

#include "core/publishing/store/left_out_json.hpp"

namespace devy::publishing {

using json::Json;

namespace {

Json changes_json(const std::optional<ChangeCounts>& changes) {
  if (!changes) return {};
  return Json::object({{"created", changes->created},
                       {"updated", changes->updated},
                       {"renamed", changes->renamed},
                       {"deleted", changes->deleted},
                       {"unchanged", changes->unchanged},
                       {"file_errors", changes->file_errors}});
}

}  // namespace

json::Json upload_json(const Upload& upload) {
  return Json::object(
      {{"id", upload.id},
       {"state", queue::to_string(upload.state)},
       {"step", upload.step},
       {"blog", upload.blog},
       {"repository_url", upload.repository_url},
       {"trigger", upload.trigger},
       {"ref", upload.ref},
       {"requested_commit", upload.requested_commit},
       {"commit", upload.commit},
       {"attempt", upload.attempt},
       {"max_attempts", upload.max_attempts},
       {"priority", upload.priority},
       {"created_at", upload.created_at},
       {"run_at", upload.run_at},
       {"started_at", upload.started_at},
       {"finished_at", upload.finished_at},
       {"duration_ms", upload.duration_ms},
       {"worker", upload.worker},
       {"lease_expires_at", upload.lease_expires_at},
       {"changes", changes_json(upload.changes)},
       {"left_out", upload.left_out ? left_out_json(*upload.left_out) : Json()},
       {"error", queue::error_json(upload.error_code, upload.error_text, upload.error_hint)},
       {"cancelled_by", upload.cancelled_by},
       {"cancel_reason", upload.cancel_reason},
       {"duplicate_of", upload.duplicate_of},
       {"dropped_for", upload.dropped_for},
       {"replay_count", upload.replay_count},
       {"delivery_guid", upload.delivery_guid},
       {"requested_by", upload.requested_by},
       {"reason", upload.reason},
       {"pause", queue::pause_json(upload.pause)}});
}

}  // namespace devy::publishing
