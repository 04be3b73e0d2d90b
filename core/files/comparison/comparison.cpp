#include "core/files/comparison/comparison.hpp"

#include <algorithm>

#include "core/files/comparison/s3_comparison.hpp"
#include "core/files/store/receive_store.hpp"
#include "core/files/store/upload_store.hpp"

namespace devy::comparison {
namespace {

constexpr int contents_max = 1000;  // that are read at a time

// Bytes of the others are not on the disk yet, or may have been deleted: a doomed one's are, before
// its row.
bool ought_to_be_there(const files::Content& content) {
  return content.state == "stored" || content.state == "lost";
}

// For a row that is rolled back.
config::Files settings_of(const std::string& node) {
  config::Files settings;
  settings.node = node;
  return settings;
}

enum class Look { good, missing, different };

Look look_at(const storage::Disk& disk, const files::Content& content, bool reads_content,
             Different& difference) {
  const auto file = disk.open(content.sha256);
  if (!file) return Look::missing;
  difference = {content, storage::size_of(*file), std::nullopt};
  if (difference.found_size != static_cast<std::uint64_t>(content.size)) return Look::different;
  if (!reads_content) return Look::good;
  difference.found_sha256 = storage::digest_of(*file);
  return *difference.found_sha256 == content.sha256 ? Look::good : Look::different;
}

void check(pg::Connection& connection, const storage::Disk& disk, const files::Content& content,
           bool reads_content, Findings& findings) {
  if (!ought_to_be_there(content)) return;
  ++findings.contents;
  findings.bytes += static_cast<std::uint64_t>(content.size);
  Different difference;
  auto look = look_at(disk, content, reads_content, difference);
  if (look != Look::good) {
    // It may be on its way in or out.
    pg::Transaction transaction(connection);
    const auto now = files::lock_content(connection, content.sha256);
    if (!now || !ought_to_be_there(*now)) return;
    look = look_at(disk, *now, reads_content, difference);
  }
  if (look == Look::good) ++findings.ok;
  else if (look == Look::missing) findings.missing.push_back(content);
  else findings.different.push_back(difference);
}

void find_extra(pg::Connection& connection, const storage::Disk& disk, const std::string& node,
                Findings& findings) {
  std::vector<storage::Disk::Found> strangers;
  disk.list([&](const storage::Disk::Found& found) {
    if (found.sha256) {
      if (files::find_content(connection, *found.sha256)) return;
      // Whoever links bytes holds their row, which nobody else sees before the commit: the lock
      // waits for him.
      pg::Transaction transaction(connection);
      files::hold_content(connection, *found.sha256, found.size, settings_of(node));
      transaction.rollback();
      if (files::find_content(connection, *found.sha256)) return;
    }
    strangers.push_back(found);
  });
  findings.extra = std::move(strangers);
}

}  // namespace

Findings verify(pg::Connection& connection, const storage::Disk& disk, const Request& request) {
  Findings findings;
  if (request.only) {
    if (request.s3 != nullptr && check_in_s3(connection, request, *request.only, findings))
      return findings;
    if (const auto content = files::find_content(connection, *request.only))
      check(connection, disk, *content, request.reads_content, findings);
    return findings;
  }
  std::optional<base::Sha256> last;
  while (true) {
    const auto contents = files::list_contents(connection, request.node, last, contents_max);
    for (const auto& content : contents)
      check(connection, disk, content, request.reads_content, findings);
    if (contents.empty()) break;
    last = contents.back().sha256;
  }
  find_extra(connection, disk, request.node, findings);
  if (request.s3 != nullptr) verify_s3(connection, request, findings);
  disk.list_staging([&](const std::string& name, bool is_held) {
    if (!is_held) findings.staging.push_back(name);
  });
  const auto open = files::open_uploads(connection, findings.staging);
  std::erase_if(findings.staging, [&](const std::string& name) {
    return std::ranges::find(open, name) != open.end();
  });
  findings.quotas = files::wrong_quotas(connection);
  return findings;
}

void repair(pg::Connection& connection, storage::Disk& disk, const std::string& node,
            const Findings& findings) {
  for (const auto& found : findings.extra) {
    // The clean-up deletes objects that no row knows.
    if (found.place.starts_with(place_in_s3)) continue;
    if (!found.sha256) {
      disk.quarantine(found);
      continue;
    }
    // An upload of the same bytes waits for this row, which is not there afterwards.
    pg::Transaction transaction(connection);
    if (files::hold_content(connection, *found.sha256, found.size, settings_of(node)).state ==
        "absent")
      disk.quarantine(found);
    transaction.rollback();
  }
  for (const auto& quota : findings.quotas)
    files::repair_quota(connection, quota.owner_id);
}

}  // namespace devy::comparison
