#include "core/publishing/upload/skipping.hpp"

#include "core/platform/git/skip_marker.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::upload {

bool heeds_markers(const publishing::Upload& upload) {
  const auto is_from = [&](queue::Source source) {
    return upload.trigger == queue::to_string(source);
  };
  return upload.replay_count == 0 && !upload.requested_commit &&
         (is_from(queue::Source::webhook) || is_from(queue::Source::poll) ||
          is_from(queue::Source::reconcile));
}

Skipped heed_marker(git::Clone& clone, const publishing::Upload& upload,
                    const std::optional<std::string>& pushed, const publishing::HeadState& head,
                    const std::function<git::Clone(const publishing::Upload&)>& fetch) {
  const auto is_marked = [&] {
    return clone.has_tree() && clone.tip().commit.hex() != head.commit &&
           git::has_skip_marker(clone.message());
  };
  if (!heeds_markers(upload) || !is_marked()) return {};
  Skipped skipped{clone.tip().commit.hex(), true};
  if (upload.trigger != queue::to_string(queue::Source::webhook) || !pushed ||
      pushed == skipped.tip)
    return skipped;
  auto exact = upload;
  exact.requested_commit = pushed;
  try {
    clone = fetch(exact);
    skipped.is_all = is_marked();
  } catch (const base::Error& error) {
    if (error.code() != "commit_gone") throw;
  }
  return skipped;
}

queue::AttemptResult skipped_result(const publishing::Blog& blog, const std::string& commit) {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::cancelled;
  result.revision = commit;
  result.error_code = publishing::skip_marker_code;
  result.error_text = "the message of commit " + commit + " has a skip marker";
  result.error_hint =
      "The next push publishes it, or `devy-upload trigger " + blog.address() + "`.";
  return result;
}

}  // namespace devy::upload
