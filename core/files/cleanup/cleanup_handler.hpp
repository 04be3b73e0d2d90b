#pragma once
// Deletes what nobody has any more on this node (files.md, section 7), in steps: `expire` uploads,
// temporary files and tokens; `doom` contents that no file has; `delete` them; `orphans`, bytes
// that no row knows. Of many orphans a person is asked first: a database that was restored from a
// backup does not know the newest files. What is in use is never deleted: each step looks under the
// lock of the row. Owned by the process that runs it; one thread.

#include <cstdint>
#include <functional>

#include "core/files/cleanup/node_handler.hpp"
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
};

struct Orphans {
  std::vector<files::Orphan> orphans;
  std::uint64_t contents = 0;  // on the disk
  // So many are not deleted without a person looking.
  [[nodiscard]] bool are_many() const;
};
// Looks for bytes without a row. `on_found` is called for each content on the disk.
[[nodiscard]] Orphans find_orphans(pg::Connection& connection, const storage::Disk& disk,
                                   base::TimePoint now,
                                   const std::function<void(std::uint64_t contents)>& on_found);

[[nodiscard]] queue::Kind cleanup_operation_kind();

}  // namespace devy::cleanup
