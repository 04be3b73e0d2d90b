#pragma once
// Decides whether readers see a post, and if not, why; this changes with time, without a push. The
// view visible_post of schema.sql decides the same by the database's clock. Pure; any thread.

#include <optional>
#include <string_view>

#include "core/platform/base/clock.hpp"

namespace devy::plan {

enum class Visibility {
  visible,
  draft,
  scheduled,  // its date lies in the future
  expired,    // its expiry is past, even if its date lies in the future
};

struct Showing {
  bool is_draft = false;
  base::TimePoint published_at;
  std::optional<base::TimePoint> expires_at;
};

[[nodiscard]] Visibility visibility(const Showing& showing, base::TimePoint now);
[[nodiscard]] std::string_view to_string(Visibility visibility);

}  // namespace devy::plan
