#include "cli/commands/post_text.hpp"

#include "core/base/time_text.hpp"

namespace devy::cli {

std::string date_text(const Context& context, const store::Post& post) {
  return post.published_on ? base::format_day(*post.published_on)
                           : context.time_text(post.published_at);
}

publish::Visibility visibility_of(const store::Post& post, base::TimePoint now) {
  if (post.is_visible) return publish::Visibility::visible;
  return publish::visibility({post.is_draft, post.published_at, post.expires_at}, now);
}

}  // namespace devy::cli
