#pragma once
// Brings small contents to S3 before whoever uploads them is answered (files.md, section 3). S3's
// weather reaches no uploader: it is tried once and shortly, and what does not come through is left
// to the operation `file_store`, as is what is large. After a failure all are left to that for a
// while.
//
// Borrows the settings. Any thread. Throws what pg::Connection throws, and nothing else.

#include <atomic>
#include <chrono>
#include <functional>
#include <set>
#include <vector>

#include "core/files/storing/sending.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::receive {

// Runs its work with a session, once more when that was lost.
using WithConnection = std::function<void(const std::function<void(pg::Connection&)>&)>;

class DirectStore {
 public:
  explicit DirectStore(const config::Files& settings) : settings_(settings) {}

  // Sends contents that were received a moment ago, after the commit. Returns those that are in S3
  // now. Needs no session to be held.
  std::set<base::Sha256> store(const storage::Disk& disk, const std::vector<base::Sha256>& contents,
                               const WithConnection& with_connection);

 private:
  [[nodiscard]] bool send(const storage::Disk& disk, const files::Placed& content);

  const config::Files& settings_;
  std::atomic<std::chrono::steady_clock::time_point> not_before_{};
};

}  // namespace devy::receive
