#include "cli/commands/publishing/post_text.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::cli {

std::string date_text(const Context& context, const publishing::Post& post) {
  return post.published_on ? base::format_day(*post.published_on)
                           : context.time_text(post.published_at);
}

plan::Visibility visibility_of(const publishing::Post& post, base::TimePoint now) {
  if (post.is_visible) return plan::Visibility::visible;
  return plan::visibility({post.is_draft, post.published_at, post.expires_at}, now);
}

}  // namespace devy::cli
