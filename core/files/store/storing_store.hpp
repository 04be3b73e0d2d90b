#pragma once
// The rows of contents on their way to S3 and out of it (files.md, section 3; storing.sql). One
// connection, one thread; throws what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::files {

inline constexpr const char* store_kind = "file_store";

// A content, and where it is.
struct Placed {
  base::Sha256 sha256{};
  std::int64_t size = 0, generation = 0;
  std::string state, storage;
  std::string node;          // empty: none has it
  std::string multipart_id;  // empty: none
};
[[nodiscard]] std::optional<Placed> find_placed(pg::Connection& connection,
                                                const base::Sha256& sha256);
// The content that an operation is about. Throws Error(internal) for one that is about none.
[[nodiscard]] base::Sha256 content_of(pg::Connection& connection,
                                      const base::OperationId& operation);

// Inside the caller's transaction, as its last statement. Nothing: such an operation waits already.
std::optional<base::OperationId> record_store(pg::Connection& connection,
                                              const base::Sha256& sha256, const std::string& node,
                                              queue::Source source);
// The one that waits, or runs.
[[nodiscard]] std::optional<base::OperationId> find_store(pg::Connection& connection,
                                                          const base::Sha256& sha256);
// Contents that wait for S3, so many behind that digest: those that the node has, and those that
// are to be deleted.
[[nodiscard]] std::vector<base::Sha256> pending_contents(pg::Connection& connection,
                                                         const std::string& node,
                                                         const std::optional<base::Sha256>& behind,
                                                         int limit);

// Each is false when the content is another generation by now, or in another state.
[[nodiscard]] bool note_multipart(pg::Connection& connection, const Placed& content,
                                  const std::string& multipart_id);
// The caller unlinks the node's bytes before he commits.
[[nodiscard]] bool note_stored(pg::Connection& connection, const Placed& content);
[[nodiscard]] bool note_lost(pg::Connection& connection, const Placed& content);
// To be committed before S3 is asked.
[[nodiscard]] bool note_deleting(pg::Connection& connection, const Placed& content);
[[nodiscard]] bool note_deleted(pg::Connection& connection, const Placed& content);

// ---- moving

// Marks so many contents of the node's disk as on their way to S3, and returns them.
[[nodiscard]] std::vector<base::Sha256> begin_move_to_s3(pg::Connection& connection,
                                                         const std::string& node, int limit);
// The caller has linked the bytes, under the lock of the row.
[[nodiscard]] bool note_moved_to_disk(pg::Connection& connection, const Placed& content,
                                      const std::string& node);
// Contents in S3, so many behind that digest, by digest.
[[nodiscard]] std::vector<Placed> contents_in_s3(pg::Connection& connection,
                                                 const std::optional<base::Sha256>& behind,
                                                 int limit);

// ---- objects that no row knows

struct ObjectName {
  base::Sha256 sha256{};
  std::int64_t size = 0, generation = 0;
};
// Those of them that no row knows as that generation.
[[nodiscard]] std::vector<ObjectName> objects_without_row(pg::Connection& connection,
                                                          const std::vector<ObjectName>& found);
// Gives those of no content a doomed one; returns how many got one.
[[nodiscard]] std::int64_t doom_objects(pg::Connection& connection,
                                        const std::vector<ObjectName>& objects);
// Whether a content is on its way by that upload in parts.
[[nodiscard]] bool is_multipart_known(pg::Connection& connection, const std::string& multipart_id);

// Forgets so many resources of contents that have no operations any more; returns how many went.
[[nodiscard]] std::int64_t forget_resources(pg::Connection& connection, int limit);

// ---- pauses

struct S3Pause {
  std::chrono::milliseconds left{};
  std::string reason, hint;
  base::TimePoint begun_at;
};
// That S3 refuses us; nothing: it does not, as far as is known.
[[nodiscard]] std::optional<S3Pause> s3_pause(pg::Connection& connection);
void pause_s3(pg::Connection& connection, const std::string& reason, const std::string& hint);
void end_s3_pause(pg::Connection& connection);

}  // namespace devy::files
