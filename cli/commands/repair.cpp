#include "cli/commands/repair.hpp"

#include "cli/progress.hpp"
#include "core/queue/ingest.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/service.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_busy(const store::Blog& blog, const std::string& state) {
  throw Error(
      ErrorKind::conflict,
      "unable to repair '" + blog.address() + "': something newer is under way (" + state + ")",
      "Let it end, then verify again.", "upload_running");
}

base::UploadId open_upload(Context& context, const store::Blog& blog) {
  auto& database = context.database();
  const int attempts = static_cast<int>(context.config().queue.max_attempts);
  store::UploadFilter completed;
  completed.states = {queue::State::completed};
  completed.blog = blog.address();
  completed.limit = 1;
  const auto uploads = store::list_uploads(database, completed);
  if (uploads.empty()) {
    store::UploadRequest request;
    request.max_attempts = attempts;
    request.requested_by = context.who();
    request.reason = "verify --repair";
    const auto recorded = store::record_upload(database, blog, request);
    if (recorded.state != queue::State::verified)
      throw_busy(blog, std::string(queue::to_string(recorded.state)));
    return recorded.id;
  }
  queue::ReplayOptions options;
  options.is_from_start = true;
  options.extra_attempts = attempts;
  options.requested_by = context.who();
  options.reason = "verify --repair";
  const auto replayed = queue::replay(database, uploads.front().id, options);
  if (replayed.state != queue::State::verified)
    throw_busy(blog, std::string(queue::to_string(replayed.state)));
  return uploads.front().id;
}

}  // namespace

void repair(Context& context, const store::Blog& blog) {
  const auto id = open_upload(context, blog);
  {
    ProgressLine progress(context);
    upload::RunHere options;
    options.only = id;
    upload::run_here(
        context.conninfo(), context.config(), options,
        [&](const upload::Progress& at) { progress.show(at); }, context.stop());
  }
  context.check_stop();
  const auto upload = store::load_upload(context.database(), id);
  if (upload.state == queue::State::completed) return;
  const auto cause = upload.error_text.value_or(std::string(queue::to_string(upload.state)));
  throw Error(
      ErrorKind::conflict, "unable to repair '" + blog.address() + "': " + cause,
      upload.error_hint.value_or("Look at it with `devy-upload inspect " + id.text() + "`."),
      upload.error_code.value_or(""));
}

}  // namespace devy::cli
