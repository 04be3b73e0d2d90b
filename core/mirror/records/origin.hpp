#pragma once
// All that the process functions know of where a document comes from. Values; any thread.

#include <cstdint>
#include <optional>

#include "core/platform/base/clock.hpp"

namespace devy::records {

enum class Via { webhook, api };

struct Origin {
  Via via = Via::api;
  // The repository that a repository's own secret is for; empty: the source is believed about
  // everything. Anybody who administers a repository can sign what its secret signs, so under a
  // scope a record of something else is only added where its row is missing.
  std::optional<std::int64_t> scope = std::nullopt;
  // When the request was sent, or the delivery received: our clock.
  base::TimePoint fetched_at = {};
  // GitHub's clock: an API answer's Date; the time of the document that a nested one came in.
  std::optional<base::TimePoint> github_at = std::nullopt;
  // The repository that the documents belong to, as they themselves seldom tell it. A member of the
  // document that tells it (base.repo of a pull request) counts more.
  std::optional<std::int64_t> repository_id = std::nullopt;
};

}  // namespace devy::records
