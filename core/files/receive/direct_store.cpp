#include "core/files/receive/direct_store.hpp"

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::receive {
namespace {

// So long small contents go the way of large ones after S3 has failed once.
constexpr std::chrono::seconds rest_after_failure{60};

}  // namespace

bool DirectStore::send(const storage::Disk& disk, const files::Placed& content) {
  const auto now = base::system_clock().monotonic_now();
  if (now < not_before_.load()) return false;
  const storing::MakeClient make_client = [this] { return s3::make_quick_client(settings_.s3); };
  try {
    return storing::send_content({settings_.s3, make_client, disk, {}, {}, {}}, content) ==
           storing::Sent::done;
  } catch (const base::Error& error) {
    not_before_ = now + rest_after_failure;
    base::log::warning("S3 does not take a content at once", {{"error", error.text()}});
    return false;
  }
}

std::set<base::Sha256> DirectStore::store(const storage::Disk& disk,
                                          const std::vector<base::Sha256>& contents,
                                          const WithConnection& with_connection) {
  std::set<base::Sha256> stored;
  bool is_any_left = false;
  for (const auto& sha256 : contents) {
    std::optional<files::Placed> content;
    with_connection(
        [&](pg::Connection& connection) { content = files::find_placed(connection, sha256); });
    if (!content || content->storage != "s3" || content->state != "staged" ||
        content->node != settings_.node)
      continue;
    const bool is_small = static_cast<std::uint64_t>(content->size) <= storing::whole_bytes_max;
    const bool is_sent = is_small && send(disk, *content);
    base::fault_point("content_sent_at_once");
    with_connection([&](pg::Connection& connection) {
      pg::Transaction transaction(connection);
      if (!is_sent) {
        files::record_store(connection, sha256, settings_.node, queue::Source::api);
        is_any_left = true;
      } else if (files::note_stored(connection, *content)) {
        disk.remove(sha256);
        stored.insert(sha256);
      }
      transaction.commit();
    });
  }
  if (is_any_left)
    with_connection([](pg::Connection& connection) { queue::wake_workers(connection); });
  return stored;
}

}  // namespace devy::receive
