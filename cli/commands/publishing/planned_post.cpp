#include "cli/commands/publishing/planned_post.hpp"

#include "cli/commands/publishing/file_errors.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/post/word_count.hpp"

namespace devy::cli {
namespace {

std::optional<std::string> date_text(const upload::PlannedPost& post) {
  if (!post.date) return std::nullopt;
  return post.date->day ? base::format_day(*post.date->day) : base::format_rfc3339(post.date->at);
}

}  // namespace

plan::Visibility visibility_of(const upload::PlannedPost& post, base::TimePoint now) {
  return plan::visibility({post.is_draft, post.date ? post.date->at : now, post.expires_at}, now);
}

Json planned_post_json(const upload::PlannedPost& post, base::TimePoint now) {
  return Json::object({{"path", post.path},
                       {"slug", post.slug},
                       {"title", post.title},
                       {"is_draft", post.is_draft},
                       {"state", plan::to_string(visibility_of(post, now))},
                       {"date", date_text(post)},
                       {"expires_at", post.expires_at},
                       {"word_count", post.word_count},
                       {"reading_minutes", post::reading_minutes(post.word_count)}});
}

Json redirect_json(const plan::Redirect& redirect) {
  return Json::object({{"from", redirect.from},
                       {"to", redirect.to},
                       {"path", redirect.path},
                       {"is_alias", redirect.is_alias}});
}

std::string planned_post_text(const upload::PlannedPost& post, base::TimePoint now) {
  std::string facts;
  if (const auto date = date_text(post)) facts += *date + ", ";
  const auto visibility = visibility_of(post, now);
  if (visibility != plan::Visibility::visible)
    facts += std::string(plan::to_string(visibility)) + ", ";
  return "/" + base::safe_text(post.slug) + "  " + base::safe_text(post.title) + "  (" + facts +
         count_text(post.word_count, "word") + ")";
}

std::string redirect_text(const plan::Redirect& redirect) {
  return "/" + base::safe_text(redirect.from) + " -> /" + base::safe_text(redirect.to) + "  (" +
         base::safe_text(redirect.path) + ")";
}

}  // namespace devy::cli
