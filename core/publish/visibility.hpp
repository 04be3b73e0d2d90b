#pragma once
// Whether readers see a post, and if not, why: time decides, without a push. What the view
// visible_post of schema.sql says with the database's clock. Pure; any thread.

#include <optional>
#include <string_view>

#include "core/base/clock.hpp"

namespace devy::publish {

enum class Visibility {
  visible,
  draft,
  scheduled,  // its date lies in the future
  expired,    // over; also when its date had yet to come
};

struct Showing {
  bool is_draft = false;
  base::TimePoint published_at;
  std::optional<base::TimePoint> expires_at;
};

[[nodiscard]] Visibility visibility(const Showing& showing, base::TimePoint now);
[[nodiscard]] std::string_view to_string(Visibility visibility);

}  // namespace devy::publish
