#include "core/publishing/reconcile/repair.hpp"

#include "core/platform/queue/ingest.hpp"
#include "core/publishing/store/upload_store.hpp"

// `verify --repair`, from a person or from the daemon.

namespace devy::reconcile {
namespace {

constexpr const char* reason = "verify --repair";

[[noreturn]] void throw_busy(const publishing::Blog& blog, queue::State state) {
  throw base::Error(base::ErrorKind::conflict,
                    "unable to repair '" + blog.address() + "': something newer is under way (" +
                        std::string(queue::to_string(state)) + ")",
                    "Let it end, then verify again.", "upload_running");
}

}  // namespace

base::UploadId record_repair(pg::Connection& connection, const config::Config& config,
                             const publishing::Blog& blog, const std::string& requested_by) {
  const int attempts = static_cast<int>(config.queue.max_attempts);
  publishing::UploadFilter completed;
  completed.states = {queue::State::completed};
  completed.blog = blog.address();
  completed.limit = 1;
  const auto uploads = publishing::list_uploads(connection, completed);
  if (uploads.empty()) {
    publishing::UploadRequest request;
    request.max_attempts = attempts;
    request.requested_by = requested_by;
    request.reason = reason;
    const auto recorded = publishing::record_upload(connection, blog, request);
    if (recorded.state != queue::State::verified) throw_busy(blog, recorded.state);
    return recorded.id;
  }
  queue::ReplayOptions options;
  options.is_from_start = true;
  options.extra_attempts = attempts;
  options.requested_by = requested_by;
  options.reason = reason;
  const auto replayed = queue::replay(connection, uploads.front().id, options);
  if (replayed.state != queue::State::verified) throw_busy(blog, replayed.state);
  return uploads.front().id;
}

}  // namespace devy::reconcile
