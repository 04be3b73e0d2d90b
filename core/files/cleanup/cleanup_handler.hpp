#pragma once
// Deletes what nobody has any more on this node (files.md, section 7), in steps: `expire` uploads,
// temporary files and tokens; `doom` contents that no file has; `delete` them; `orphans`, bytes
// that no row knows. Of many orphans a person is asked first: a database that was restored from a
// backup does not know the newest files. What is in use is never deleted: each step looks under the
// lock of the row. Owned by the process that runs it; one thread.

#include <cstdint>
#include <functional>

#include "core/files/cleanup/node_handler.hpp"
#include "core/files/s3/client.hpp"
#include "core/files/store/cleanup_store.hpp"

namespace devy::cleanup {

// Bytes without a row that are younger may be on their way in.
inline constexpr std::chrono::hours orphan_age{1};

class CleanupHandler final : public NodeHandler {
 public:
  using NodeHandler::NodeHandler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
  using Batch = std::function<std::int64_t()>;
  // Each returns false when the turn is over.
  [[nodiscard]] bool repeat(Work& work, const char* reason, const Batch& batch) const;
  [[nodiscard]] bool expire(Work& work) const;
  [[nodiscard]] bool doom(Work& work) const;
  [[nodiscard]] bool delete_contents(Work& work) const;
  void delete_some(Work& work, const std::vector<base::Sha256>& contents) const;
  void sweep_staging(Work& work) const;
  // Returns how the attempt ends when a person has to be asked.
  [[nodiscard]] std::optional<queue::AttemptResult> doom_orphans(Work& work) const;
  // ---- of S3 (s3_cleanup.cpp)
  [[nodiscard]] bool has_s3() const { return !config().files.s3.endpoint.empty(); }
  // Has operations recorded for contents that wait for S3 and have none.
  [[nodiscard]] bool pass_on(Work& work) const;
  // Cleans up objects that no row knows. Where S3 does not answer, that waits for the next round.
  [[nodiscard]] std::optional<queue::AttemptResult> clean_s3(Work& work);
  [[nodiscard]] std::optional<queue::AttemptResult> doom_objects(Work& work,
                                                                 s3::Client& client) const;
  void abort_multiparts(Work& work, s3::Client& client) const;

  std::optional<base::MonotonicTime> s3_looked_at_;
};

// A list of a bucket costs a request for each thousand objects.
inline constexpr std::chrono::hours s3_look_every{6};
// Uploads in parts that are older, and in no row, are aborted.
inline constexpr std::chrono::hours multipart_age{24};

struct Orphans {
  std::vector<files::Orphan> orphans;
  std::uint64_t contents = 0;  // on the disk
  // So many are not deleted without a person looking.
  [[nodiscard]] bool are_many() const;
};
// How an attempt ends that has found many of them.
[[nodiscard]] queue::AttemptResult ask_about_orphans(std::uint64_t orphans, std::uint64_t contents);
// Looks for bytes without a row. `on_found` is called for each content on the disk.
[[nodiscard]] Orphans find_orphans(pg::Connection& connection, const storage::Disk& disk,
                                   base::TimePoint now,
                                   const std::function<void(std::uint64_t contents)>& on_found);

[[nodiscard]] queue::Kind cleanup_operation_kind();

}  // namespace devy::cleanup
