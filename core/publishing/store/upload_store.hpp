#pragma once
// Uploads: operations of kind "upload" with the columns that only uploads have. Reads them for
// people and scripts, records them, and stores the pipeline's progress. Throws what pg::Connection
// throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/snapshot/difference.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/blog/left_out.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::publishing {

inline constexpr const char* upload_kind = "upload";
// The code of an upload that ended as cancelled because the tip has a skip marker.
inline constexpr const char* skip_marker_code = "skip_marker";

struct ChangeCounts {
  std::int64_t created = 0, updated = 0, renamed = 0, deleted = 0, unchanged = 0, file_errors = 0;
};

// An upload with the fields of the inspect document in cli.md.
struct Upload {
  base::UploadId id;
  queue::State state = queue::State::received;
  std::optional<std::string> step;
  std::string blog;  // "username/slug"
  base::BlogId blog_id;
  std::string repository_url;
  std::string trigger;  // webhook, api, operator, poll, reconcile, repair
  std::optional<std::string> ref, requested_commit, commit, from_commit;
  int attempt = 0, max_attempts = 0, priority = 0, replay_count = 0;
  base::TimePoint created_at;
  std::optional<base::TimePoint> run_at;  // absent: not before its blog is resumed
  std::optional<base::TimePoint> started_at, finished_at;
  std::optional<std::int64_t> duration_ms;  // from started_at to finished_at or now
  std::optional<std::string> worker;
  std::optional<base::TimePoint> lease_expires_at;
  std::optional<ChangeCounts> changes;
  std::optional<std::string> error_code, error_text, error_hint;
  std::optional<std::string> cancelled_by, cancel_reason, duplicate_of, dropped_for;
  std::optional<std::string> delivery_guid, requested_by, reason;
  bool is_cancel_requested = false;
  std::vector<snapshot::FileError> warnings;
  std::optional<blog::LeftOut> left_out;  // absent: the tree was not looked at
  queue::ResourceId resource = 0;
  std::int64_t arrival = 0;           // a later one has a higher number
  std::optional<queue::Pause> pause;  // what holds it back while it waits

  // Publishes what the blog shows anew, and never moves the blog.
  [[nodiscard]] bool is_repair() const { return trigger == "repair"; }
};

struct UploadFilter {
  std::vector<queue::State> states;  // empty: all
  std::optional<std::string> blog;   // "username/slug"
  std::optional<base::Duration> since;
  // Needs somebody: its lease has expired, it is overdue, held, or waits for a pause to end.
  bool is_stuck = false;
  // The ones among those that should go on by themselves: neither held nor paused.
  bool is_overdue = false;
  bool is_without_repairs = false;
  int limit = 50;
  std::optional<base::Duration> until = {};
  std::optional<std::string> code = {};  // of the error that it ended with
};
[[nodiscard]] std::vector<Upload> list_uploads(pg::Connection& connection,
                                               const UploadFilter& filter);

// Accepts a full id, any unambiguous prefix of 4 or more hexadecimal digits, "@last" or
// "@last-failed". Throws Error(not_found); when the name is ambiguous its text lists the
// candidates.
[[nodiscard]] Upload find_upload(pg::Connection& connection, const std::string& name);
[[nodiscard]] Upload load_upload(pg::Connection& connection, const base::UploadId& id);
// Returns the shortest length (8 or more) at which all ids differ.
[[nodiscard]] std::size_t unambiguous_length(pg::Connection& connection,
                                             const std::vector<Upload>& uploads);

[[nodiscard]] std::vector<snapshot::FileError> list_file_errors(pg::Connection& connection,
                                                                const base::BlogId& blog);

// ---- recording

struct UploadRequest {
  queue::Source source = queue::Source::operator_;
  std::optional<std::string> ref;     // the branch to publish instead of the blog's own
  std::optional<std::string> commit;  // publish exactly this commit
  std::optional<std::string> announced_commit;
  std::optional<base::TimePoint> event_at;
  std::optional<std::string> delivery_guid;
  std::optional<std::string> idempotency_key;
  int priority = 100;
  int max_attempts = 12;
  std::string requested_by, reason;
};
// Records the operation and its upload in one transaction, and wakes the workers after the commit.
queue::Ingested record_upload(pg::Connection& connection, const Blog& blog,
                              const UploadRequest& request);
// Does the same inside the caller's transaction; the caller then wakes the workers.
[[nodiscard]] queue::Ingested record_upload_within(pg::Connection& connection, const Blog& blog,
                                                   const UploadRequest& request);

// ---- notes of the pipeline; each call runs inside the caller's fenced transaction

struct StoredChangeset {
  std::optional<std::string> from_commit;
  std::string to_commit, origin;
  snapshot::Changeset changeset;
  base::TimePoint made_at{};  // by the database's clock; set by load_changeset()
};
// `committed_at` is empty when the commit was not fetched because it is live already.
void save_fetched(pg::Connection& connection, const base::UploadId& id, const std::string& commit,
                  std::optional<base::TimePoint> committed_at, const std::string& url);
void save_changeset(pg::Connection& connection, const base::UploadId& id,
                    const StoredChangeset& stored,
                    const std::vector<snapshot::FileError>& warnings);
// The files of the tree that are no posts; the first of them by name.
void save_left_out(pg::Connection& connection, const base::UploadId& id,
                   const blog::LeftOut& left_out);
// The same of an upload that finds its commit live: they are those of the blog's head.
void copy_left_out_of_head(pg::Connection& connection, const base::UploadId& id);
[[nodiscard]] std::optional<StoredChangeset> load_changeset(pg::Connection& connection,
                                                            const base::UploadId& id);
void save_counts(pg::Connection& connection, const base::UploadId& id, const ChangeCounts& counts,
                 const std::vector<snapshot::FileError>& warnings);

}  // namespace devy::publishing
