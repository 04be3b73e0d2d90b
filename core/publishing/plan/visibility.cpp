#include "core/publishing/plan/visibility.hpp"

namespace devy::plan {

Visibility visibility(const Showing& showing, base::TimePoint now) {
  if (showing.is_draft) return Visibility::draft;
  if (showing.expires_at && *showing.expires_at <= now) return Visibility::expired;
  return showing.published_at <= now ? Visibility::visible : Visibility::scheduled;
}

std::string_view to_string(Visibility visibility) {
  switch (visibility) {
    case Visibility::visible: return "visible";
    case Visibility::draft: return "draft";
    case Visibility::scheduled: return "scheduled";
    case Visibility::expired: return "expired";
  }
  return "";
}

}  // namespace devy::plan
