#include "core/publishing/reconcile/repair.hpp"

#include "core/platform/queue/pause.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/source.hpp"

// `verify --repair`, from a person or from the daemon.

namespace devy::reconcile {
namespace {

using base::Error;

Error refusal(const publishing::Blog& blog, const std::string& cause, std::string hint,
              const char* code) {
  return {base::ErrorKind::conflict, "unable to repair '" + blog.address() + "': " + cause,
          std::move(hint), code};
}

}  // namespace

std::optional<Error> repair_obstacle(pg::Connection& connection, const publishing::Blog& blog) {
  if (!blog.is_connected)
    return refusal(blog, "it is disconnected",
                   "Connect it again with `devy-upload blog connect`, then verify again.",
                   "blog_disconnected");
  if (blog.frozen_reason)
    return refusal(blog, "it is frozen: " + *blog.frozen_reason,
                   "Its posts stay as they are; connect it again when its repository is back.",
                   "blog_frozen");
  if (!blog.head_commit) return upload::nothing_published(blog);
  if (const auto pause = queue::pause_of(connection, blog.resource))
    return refusal(blog, (pause->is_whole_queue ? "" : "it is ") + queue::pause_text(*pause),
                   pause->is_whole_queue ? "Run `devy-upload queue resume`, then verify again."
                                         : "Run `devy-upload queue resume " + blog.address() +
                                               "`, then verify again.",
                   pause->is_whole_queue ? "queue_paused" : "blog_paused");
  return std::nullopt;
}

base::UploadId record_repair(pg::Connection& connection, const config::Config& config,
                             const publishing::Blog& blog, const std::string& requested_by) {
  if (const auto obstacle = repair_obstacle(connection, blog)) throw Error(*obstacle);
  publishing::UploadRequest request;
  request.source = queue::Source::repair;
  request.max_attempts = static_cast<int>(config.queue.max_attempts);
  request.requested_by = requested_by;
  request.reason = "verify --repair";
  const auto recorded = publishing::record_upload(connection, blog, request);
  // It was switched off at this moment; the upload's row says so.
  if (recorded.state == queue::State::disabled)
    throw refusal(blog, "it was switched off meanwhile", "See `devy-upload blog show`.",
                  "blog_disconnected");
  return recorded.id;
}

}  // namespace devy::reconcile
