#pragma once
// Compares the rows of contents with the bytes on this node's disk and in S3, and the sums of
// owners with their files (files.md, F2 and section 8). What an upload is just linking is no
// finding: whatever differs is looked at once more under the lock of its row.
//
// One connection, one thread. Throws what Disk and pg::Connection throw.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/files/s3/client.hpp"
#include "core/files/storage/disk.hpp"
#include "core/files/store/storage_store.hpp"

namespace devy::comparison {

struct Different {
  files::Content content;
  std::uint64_t found_size = 0;
  std::optional<base::Sha256> found_sha256;  // nothing where the size says enough
};

struct Findings {
  std::uint64_t contents = 0, bytes = 0, ok = 0;
  std::vector<files::Content> missing;
  std::vector<storage::Disk::Found> extra;
  std::vector<Different> different;
  std::vector<files::WrongQuota> quotas;
  std::vector<std::string> staging;  // that nobody receives any more

  [[nodiscard]] bool is_clean() const {
    return missing.empty() && extra.empty() && different.empty() && quotas.empty() &&
           staging.empty();
  }
};

struct Request {
  std::string node;
  std::optional<base::Sha256> only;  // one content; nothing: all
  bool reads_content = false;        // digests all bytes
  // Borrowed; null: what is in S3 is not looked at.
  s3::Client* s3 = nullptr;
  const config::FilesS3* s3_settings = nullptr;
};
[[nodiscard]] Findings verify(pg::Connection& connection, const storage::Disk& disk,
                              const Request& request);

// Puts aside what no row knows, and sets the sums of owners. What is missing or different only an
// upload of the same bytes can mend.
void repair(pg::Connection& connection, storage::Disk& disk, const std::string& node,
            const Findings& findings);

}  // namespace devy::comparison
