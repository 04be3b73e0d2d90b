#pragma once
// Pushes that webhooks tell of: the blogs that they are about, and the uploads that they make. The
// SQL functions in core/publishing/schema.sql have the rules. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

// The target of a push to a branch: enough to find its blog, and what the push says about its
// repository.
struct PushedTo {
  std::string guid;  // of the delivery
  std::int64_t github_id = 0;
  // Whether it may be a hint for a blog whose repository is known by its address alone.
  bool may_hint = false;
  bool is_own = false;  // the signer may speak of the repository
  std::string branch, default_branch;
  std::string url;  // in the form in which it may be fetched; empty: unknown
  std::string owner, name;
  std::optional<bool> is_private;
  std::optional<std::int64_t> installation;  // as the App itself says
  std::optional<base::TimePoint> pushed_at;
  std::string commit;
};

struct ConsideredPush {
  bool is_busy = false;              // another session has locked the blog's resource
  bool is_repository_known = false;  // by its id: the push may tell of it
  std::string obstacle;              // the reason why it makes no upload; empty: it makes one
};
// One look-up for all of them; locks the blogs' resources in the caller's transaction.
[[nodiscard]] std::vector<ConsideredPush> consider_pushes(pg::Connection& connection,
                                                          std::span<const PushedTo> pushes,
                                                          bool may_wait);
// Records what they say of their repositories, and the uploads; in the transaction in which they
// were considered. The result is empty for a push that makes no upload.
[[nodiscard]] std::vector<std::optional<base::UploadId>> record_pushes(
    pg::Connection& connection, std::span<const PushedTo> pushes, int max_attempts);

// The uploads that deliveries brought, in the order of the GUIDs.
[[nodiscard]] std::vector<std::vector<base::UploadId>> uploads_of_deliveries(
    pg::Connection& connection, std::span<const std::string> guids);

}  // namespace devy::publishing
