#pragma once
// The rows of the clean-up and of scrubbing (files.md, section 7): each function changes so many
// rows at most, in the caller's transaction, which begins with his fence. One connection, one
// thread; throws what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/files/store/storage_store.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::files {

inline constexpr const char* cleanup_kind = "file_cleanup";
inline constexpr const char* scrub_kind = "file_scrub";

// ---- what goes: each returns how many rows went

[[nodiscard]] std::int64_t expire_uploads(pg::Connection& connection, const std::string& node,
                                          int limit);
[[nodiscard]] std::int64_t expire_files(pg::Connection& connection, int limit);
[[nodiscard]] std::int64_t expire_tokens(pg::Connection& connection, int limit);
// Rows of files that were deleted or rejected so long ago.
[[nodiscard]] std::int64_t purge_files(pg::Connection& connection, std::chrono::seconds keep,
                                       int limit);
// `with_s3`: those of S3, too.
[[nodiscard]] std::int64_t doom_contents(pg::Connection& connection, const std::string& node,
                                         bool with_s3, int limit);

// So many doomed contents of the node behind that digest, by digest.
[[nodiscard]] std::vector<base::Sha256> doomed_contents(pg::Connection& connection,
                                                        const std::string& node,
                                                        const std::optional<base::Sha256>& behind,
                                                        int limit);
// True: its row goes with the caller's transaction, who unlinks the bytes before he commits.
[[nodiscard]] bool delete_content(pg::Connection& connection, const base::Sha256& sha256,
                                  const std::string& node);

// ---- bytes that no row knows

struct Orphan {
  base::Sha256 sha256{};
  std::uint64_t size = 0;
};
// Those of them that have no row.
[[nodiscard]] std::vector<Orphan> without_row(pg::Connection& connection,
                                              const std::vector<Orphan>& found);
// Makes them doomed contents, and returns how many had no row until then.
[[nodiscard]] std::int64_t doom_orphans(pg::Connection& connection,
                                        const std::vector<Orphan>& orphans,
                                        const std::string& node);
// Whether somebody may go on with the upload of that file.
[[nodiscard]] bool is_upload(pg::Connection& connection, const FileId& id);

// ---- what the clean-up would do now

struct CleanupDue {
  std::int64_t uploads = 0, files = 0, tokens = 0;  // to be expired
  std::int64_t purged = 0;                          // deleted files to be forgotten
  std::int64_t contents = 0, bytes = 0;             // to be deleted
};
[[nodiscard]] CleanupDue cleanup_due(pg::Connection& connection, const std::string& node,
                                     std::chrono::seconds keep);

// ---- scrubbing

// The content that was not read for the longest time, if that is longer than `every`.
[[nodiscard]] std::optional<Content> content_to_scrub(pg::Connection& connection,
                                                      const std::string& node, bool with_s3,
                                                      std::chrono::seconds every);
// Notes how its bytes were found: a content that is not right is lost. Under its lock.
void note_scrubbed(pg::Connection& connection, const base::Sha256& sha256, bool is_right);

// ---- operations

struct RecordedOperation {
  base::OperationId id;
  bool is_joined = false;  // one was under way
};
// Run it inside the caller's transaction, and wake the runners after the commit.
[[nodiscard]] RecordedOperation record_operation(pg::Connection& connection, const char* kind,
                                                 const std::string& node, queue::Source source,
                                                 const std::string& requested_by = {});
// Whether the node has had none of the kind begin or wait for so long.
[[nodiscard]] bool is_operation_due(pg::Connection& connection, const char* kind,
                                    const std::string& node, std::chrono::seconds every);
// The state of the node's newest clean-up; empty: it has had none.
[[nodiscard]] std::string cleanup_state(pg::Connection& connection, const std::string& node);
// The node that an operation is about.
[[nodiscard]] std::string node_of(pg::Connection& connection, const base::OperationId& operation);

// Names those of the operations that are about files, by their ids: "files of node a",
// "content 0123456789ab".
[[nodiscard]] std::map<std::string, std::string> operation_subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::files
