#include "core/files/cleanup/store_handler.hpp"

#include "core/files/cleanup/node_handler.hpp"
#include "core/files/receive/depot.hpp"
#include "core/files/storing/object_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::cleanup {
namespace {

using base::Error;
using base::ErrorKind;

// Gives the operation back until S3 is asked again.
queue::AttemptResult wait_for_s3(std::chrono::milliseconds left, const std::string& reason,
                                 const std::string& hint) {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.error_code = "s3_refused";
  result.error_text = reason;
  result.error_hint = hint;
  result.delay = left + std::chrono::milliseconds(1);
  return result;
}

}  // namespace

std::optional<queue::AttemptResult> pause_of(pg::Connection& connection, const Error& error) {
  if (error.code() != "s3_refused" && error.code() != "s3_credentials") return std::nullopt;
  files::pause_s3(connection, error.text(), error.hint());
  base::log::error("S3 refuses us", {{"error", error.text()}});
  const auto pause = files::s3_pause(connection);
  return wait_for_s3(pause ? pause->left : std::chrono::milliseconds(0), error.text(),
                     error.hint());
}

StoreHandler::StoreHandler(const queue::HandlerContext& context)
    : config_(context.config), on_progress_(context.on_progress) {}

std::optional<queue::AttemptResult> StoreHandler::run(queue::Attempt& attempt) {
  auto& connection = attempt.connection;
  const auto sha256 = files::content_of(connection, attempt.lease.operation);
  attempt.subject.emplace(base::log::Fields{{"content", base::to_hex(sha256)}});
  const auto content = files::find_placed(connection, sha256);
  const bool is_due =
      content && content->storage == "s3" &&
      (content->state == "staged" || content->state == "doomed" || content->state == "deleting");
  if (!is_due) return queue::AttemptResult{};
  const auto pause = files::s3_pause(connection);
  if (pause && pause->left.count() > 0) return wait_for_s3(pause->left, pause->reason, pause->hint);
  try {
    work(attempt, *content);
  } catch (const Error& error) {
    if (auto paused = pause_of(connection, error)) return paused;
    throw;
  }
  if (pause) files::end_s3_pause(connection);
  return queue::AttemptResult{};
}

void StoreHandler::work(queue::Attempt& attempt, const files::Placed& content) const {
  if (content.state == "staged" && content.node != config_.files.node)
    throw Error(ErrorKind::config,
                "unable to store a content: node '" + content.node +
                    "' has it, and this is node '" + config_.files.node + "'",
                "Run it on that machine.", "storage_foreign");
  if (content.state == "staged") store(attempt, content);
  else remove(attempt, content);
}

storing::MakeClient StoreHandler::clients_of(const queue::Attempt& attempt) const {
  return [this, stop = attempt.stop] { return s3::make_client(config_.files.s3, stop); };
}

void StoreHandler::begin_step(const queue::Attempt& attempt, const std::string& step) const {
  if (queue::begin_step(attempt.connection, attempt.lease, {step, true, config_.queue.lease_ttl}) !=
      queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
}

void StoreHandler::fence(const queue::Attempt& attempt) const {
  queue::fence(attempt.connection, attempt.lease, config_.queue.lease_ttl);
}

void StoreHandler::store(queue::Attempt& attempt, const files::Placed& content) const {
  auto& connection = attempt.connection;
  begin_step(attempt, "store");
  const auto disk = receive::open_disk(connection, config_.files);
  const auto make_client = clients_of(attempt);
  const auto note = [&](const std::string& id) {
    pg::Transaction transaction(connection);
    fence(attempt);
    const bool is_noted = files::note_multipart(connection, content, id);
    transaction.commit();
    return is_noted;
  };
  std::uint64_t bytes = 0;
  const auto sent =
      storing::send_content({config_.files.s3, make_client, *disk, note, attempt.check,
                             [&](std::uint64_t more) {
                               if (!on_progress_) return;
                               queue::Progress progress;
                               progress.step = "store";
                               progress.bytes = bytes += more;
                               on_progress_(progress);
                             }},
                            content);
  if (sent == storing::Sent::unwanted) return;
  base::fault_point("content_sent");
  pg::Transaction transaction(connection);
  fence(attempt);
  if (sent == storing::Sent::lost) {
    if (files::note_lost(connection, content))
      base::log::error("bytes of a file are lost before they came to S3");
  } else if (files::note_stored(connection, content)) {
    disk->remove(content.sha256);
    base::fault_point("content_unlinked_here");
  }
  transaction.commit();
  base::fault_point("content_stored");
}

// A content that somebody takes over meanwhile has another generation, and so another key.
void StoreHandler::remove(queue::Attempt& attempt, const files::Placed& content) const {
  auto& connection = attempt.connection;
  begin_step(attempt, "delete");
  {
    pg::Transaction transaction(connection);
    fence(attempt);
    const bool is_deleting = files::note_deleting(connection, content);
    transaction.commit();
    if (!is_deleting) return;
  }
  base::fault_point("content_deleting");
  const auto client = s3::make_client(config_.files.s3, attempt.stop);
  client->remove(storing::key_of(config_.files.s3, content.sha256, content.generation));
  base::fault_point("content_deleted_in_s3");
  pg::Transaction transaction(connection);
  fence(attempt);
  const bool is_gone = files::note_deleted(connection, content);
  transaction.commit();
  if (is_gone) base::count("file_deleted.content");
}

queue::Kind store_operation_kind() {
  auto kind = node_kind<StoreHandler>(files::store_kind,
                                      {"file_stores", "records of contents brought to S3"});
  // Contents that are there stay there, and can be deleted, when new ones go to the disk.
  kind.is_on = [](const config::Config& config) {
    return config.files.enabled && !config.files.s3.endpoint.empty();
  };
  return kind;
}

}  // namespace devy::cleanup
