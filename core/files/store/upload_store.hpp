#pragma once
// The statements of uploads that can be resumed (uploads.sql). One connection, one thread; throws
// what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/files/store/file.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::files {

// Which upload a URL names: its file, and the digest of the key behind it.
struct UploadName {
  FileId id;
  base::Sha256 key_digest{};
};

struct NewUpload {
  UploadName name;
  OwnerId owner;
  std::optional<std::int64_t> length;  // bytes; nothing: it is said later
  std::string metadata_sent;           // as it came
};
struct BegunUpload {
  std::string outcome;  // good, over_bytes, over_files, blocked: all but good are rolled back
  base::TimePoint expires_at;
  std::uint64_t promised_bytes = 0;  // that all open uploads of this node are still to bring
};
// After begin_file, in its transaction.
[[nodiscard]] BegunUpload begin_upload(pg::Connection& connection, const NewUpload& upload,
                                       const config::Files& settings);

struct Upload {
  std::string outcome;  // open, complete, gone, absent
  std::string node;
  std::optional<std::int64_t> length;
  std::int64_t received = 0;  // bytes that are safe
  std::string metadata_sent;
  std::optional<base::TimePoint> expires_at;
};
[[nodiscard]] Upload find_upload(pg::Connection& connection, const UploadName& name);

struct Acquired {
  std::string outcome;  // open, offset, length, complete, gone, absent, over_bytes, blocked
  std::int64_t fence = 0, received = 0;
  std::optional<std::int64_t> length;
  OwnerId owner;
};
// Whoever had it before records nothing any more, if it is open. All but open are rolled back.
[[nodiscard]] Acquired acquire_upload(pg::Connection& connection, const UploadName& name,
                                      std::int64_t offset, std::optional<std::int64_t> length,
                                      const config::Files& settings);

struct Recorded {
  std::string outcome;  // good, lost, over_bytes, blocked
  std::optional<base::TimePoint> expires_at;
};
[[nodiscard]] Recorded record_upload(pg::Connection& connection, const FileId& id,
                                     std::int64_t fence, std::int64_t received,
                                     const config::Files& settings);

struct FinishedUpload {
  std::string outcome;  // good, lost
  OwnerId owner;
  std::int64_t reserved = 0;
  std::optional<base::TimePoint> expires_at;
};
// The first statement of the transaction that stores the file.
[[nodiscard]] FinishedUpload finish_upload(pg::Connection& connection, const FileId& id,
                                           std::int64_t fence, std::int64_t length,
                                           const config::Files& settings);
// The last one. "good", "over_bytes", "over_files", "blocked".
[[nodiscard]] std::string settle_upload(pg::Connection& connection, const FinishedUpload& finished,
                                        std::int64_t bytes, const config::Files& settings);

// Its owner's wish. "ended", "complete", "in_use", "gone", "absent".
[[nodiscard]] std::string terminate_upload(pg::Connection& connection, const UploadName& name);
// Its bytes are not wanted, or lost for good.
void reject_upload(pg::Connection& connection, const FileId& id, std::int64_t fence,
                   const std::string& error_code);
// Nothing of it is there any more.
void restart_upload(pg::Connection& connection, const FileId& id, std::int64_t fence);
// The ids among these of uploads that go on. What is no UUID is passed over.
[[nodiscard]] std::vector<std::string> open_uploads(pg::Connection& connection,
                                                    const std::vector<std::string>& ids);

// "good", "unknown", "used", "expired", "full".
[[nodiscard]] std::string join_token(pg::Connection& connection, const base::Sha256& digest,
                                     const OwnerId& owner, const config::Files& settings);

}  // namespace devy::files
