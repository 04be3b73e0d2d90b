#include "core/files/cleanup/scrub_handler.hpp"

#include <algorithm>

#include "core/files/cleanup/store_handler.hpp"
#include "core/files/storing/sending.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::cleanup {
namespace {

// A large content is read faster than files.scrub_rate, so that it ends within the limits of an
// attempt.
constexpr std::uint64_t content_seconds_max = 1'800;

using OnBytes = std::function<void(std::uint64_t bytes)>;

// Tells after each piece how many bytes were read.
bool is_digest_right(queue::Attempt& attempt, const storage::Disk& disk,
                     const config::Files& settings, const base::Sha256& sha256,
                     const OnBytes& on_bytes) {
  const auto content = files::find_placed(attempt.connection, sha256);
  if (!content) return false;
  std::uint64_t bytes = 0;
  const auto count = [&](std::string_view piece) { on_bytes(bytes += piece.size()); };
  if (content->storage == "s3") {
    const auto client = s3::make_client(settings.s3, attempt.stop);
    if (storing::read_content(*client, settings.s3, *content, count)) return true;
    // As an unmounted disk is an empty folder, and no empty store.
    if (client->has_any()) return false;
    throw base::Error(base::ErrorKind::config,
                      "unable to find anything in S3 below the prefix '" + settings.s3.prefix + "'",
                      "Check files.s3.bucket and files.s3.prefix.", "s3_refused");
  }
  const auto file = disk.open(sha256);
  if (!file || storage::size_of(*file) != static_cast<std::uint64_t>(content->size)) return false;
  base::Sha256Stream digest;
  storage::read_bytes(*file, [&](std::string_view piece) {
    digest.add(piece);
    count(piece);
  });
  return digest.finish() == sha256;
}

}  // namespace

std::optional<queue::AttemptResult> ScrubHandler::work(Work& work) {
  try {
    return scrub_some(work);
  } catch (const base::Error& error) {
    if (auto paused = pause_of(work.connection(), error)) return paused;
    throw;
  }
}

bool ScrubHandler::has_s3() const {
  return !config().files.s3.endpoint.empty();
}

std::optional<queue::AttemptResult> ScrubHandler::scrub_some(Work& work) const {
  begin_step(work, "scrub");
  std::uint64_t done = 0;
  while (!is_turn_over(work)) {
    const auto content = files::content_to_scrub(work.connection(), node(), has_s3(), scrub_every);
    if (!content) return queue::AttemptResult{};
    scrub(work, *content);
    report(work, "scrub", ++done);
  }
  return end_of_turn();
}

void ScrubHandler::scrub(Work& work, const files::Content& content) const {
  const bool is_good = is_right(work, content);
  pg::Transaction transaction(work.connection());
  fence(work);
  if (is_good) files::note_scrubbed(work.connection(), content.sha256, true);
  else note_lost(work, content);
  queue::advance(work.connection(), work.attempt.lease);
  transaction.commit();
}

bool ScrubHandler::is_right(Work& work, const files::Content& content) const {
  const auto size = static_cast<std::uint64_t>(content.size);
  const auto rate = std::max(config().files.scrub_rate, size / content_seconds_max);
  const auto begun_at = clock().monotonic_now();
  return is_digest_right(work.attempt, work.disk, config().files, content.sha256,
                         [&](std::uint64_t bytes) {
                           work.attempt.check();
                           report(work, "scrub", 0, bytes);
                           if (config().files.scrub_rate == 0) return;
                           const std::chrono::milliseconds wanted(bytes * 1'000 / rate);
                           const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(
                               clock().monotonic_now() - begun_at);
                           if (wanted > taken) base::pause_for(work.attempt.stop, wanted - taken);
                         });
}

// It may have been deleted, or uploaded again, while it was read: it is read once more, under the
// lock of its row.
void ScrubHandler::note_lost(Work& work, const files::Content& content) const {
  const auto now = files::lock_content(work.connection(), content.sha256);
  if (!now || now->state != "stored") return;
  const bool is_good = is_digest_right(work.attempt, work.disk, config().files, content.sha256,
                                       [&](std::uint64_t) { work.attempt.check(); });
  files::note_scrubbed(work.connection(), content.sha256, is_good);
  if (!is_good)
    base::log::error("bytes of a file are lost", {{"sha256", base::to_hex(content.sha256)}});
}

queue::Kind scrub_operation_kind() {
  return node_kind<ScrubHandler>(files::scrub_kind,
                                 {"file_scrubs", "records of readings of files' bytes"});
}

}  // namespace devy::cleanup
