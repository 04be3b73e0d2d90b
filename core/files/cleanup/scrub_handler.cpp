#include "core/files/cleanup/scrub_handler.hpp"

#include <algorithm>

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
bool is_digest_right(const storage::Disk& disk, const files::Content& content,
                     const OnBytes& on_bytes) {
  const auto file = disk.open(content.sha256);
  if (!file || storage::size_of(*file) != static_cast<std::uint64_t>(content.size)) return false;
  base::Sha256Stream digest;
  std::uint64_t bytes = 0;
  storage::read_bytes(*file, [&](std::string_view piece) {
    digest.add(piece);
    on_bytes(bytes += piece.size());
  });
  return digest.finish() == content.sha256;
}

}  // namespace

std::optional<queue::AttemptResult> ScrubHandler::work(Work& work) {
  begin_step(work, "scrub");
  std::uint64_t done = 0;
  while (!is_turn_over(work)) {
    const auto content = files::content_to_scrub(work.connection(), node(), scrub_every);
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
  return is_digest_right(work.disk, content, [&](std::uint64_t bytes) {
    work.attempt.check();
    report(work, "scrub", 0, bytes);
    if (config().files.scrub_rate == 0) return;
    const std::chrono::milliseconds wanted(bytes * 1'000 / rate);
    const auto taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock().monotonic_now() - begun_at);
    if (wanted > taken) base::pause_for(work.attempt.stop, wanted - taken);
  });
}

// It may have been deleted, or uploaded again, while it was read: it is read once more, under the
// lock of its row.
void ScrubHandler::note_lost(Work& work, const files::Content& content) const {
  const auto now = files::lock_content(work.connection(), content.sha256);
  if (!now || now->state != "stored") return;
  const bool is_good =
      is_digest_right(work.disk, content, [&](std::uint64_t) { work.attempt.check(); });
  files::note_scrubbed(work.connection(), content.sha256, is_good);
  if (!is_good)
    base::log::error("bytes of a file are lost", {{"sha256", base::to_hex(content.sha256)}});
}

queue::Kind scrub_operation_kind() {
  return node_kind<ScrubHandler>(files::scrub_kind,
                                 {"file_scrubs", "records of readings of files' bytes"});
}

}  // namespace devy::cleanup
