#include "core/publishing/reading/post_json.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/publishing/post/word_count.hpp"

namespace devy::reading {
namespace {

using json::Json;

// A day stays a day: as a moment it would be another one in some reader's time zone.
Json date_json(const std::optional<std::chrono::sys_days>& day,
               const std::optional<base::TimePoint>& moment) {
  return day ? Json(base::format_day(*day)) : Json(moment);
}

Json neighbour_json(const std::optional<publishing::Neighbour>& neighbour,
                    const blog::BlogName& blog) {
  if (!neighbour) return {};
  return Json::object({{"slug", neighbour->slug},
                       {"title", neighbour->title},
                       {"url", blog::post_url(blog, neighbour->slug)}});
}

}  // namespace

blog::BlogName name_of(const publishing::ReadableBlog& blog) {
  return {blog.username, blog.slug};
}

Json post_json(const publishing::ReadablePost& post, const blog::BlogName& blog) {
  return Json::object({{"slug", post.slug},
                       {"title", post.title},
                       {"summary", post.summary},
                       {"date", date_json(post.published_on, post.published_at)},
                       {"updated", date_json(post.revised_on, post.revised_at)},
                       {"tags", post.tags},
                       {"authors", post.authors},
                       {"cover", post.cover},
                       {"lang", post.lang},
                       {"reading_minutes", post::reading_minutes(post.word_count)},
                       {"url", blog::post_url(blog, post.slug)}});
}

Json whole_post_json(publishing::FoundPost& found, const blog::BlogName& blog) {
  auto document = post_json(found.post, blog);
  document.set("html", std::move(found.html))
      .set("toc", Json::stored(found.toc_json))
      .set("title_id", std::move(found.title_id))
      .set("front_matter", Json::stored(found.front_matter_json))
      .set("canonical", found.canonical)
      .set("previous", neighbour_json(found.older, blog))
      .set("next", neighbour_json(found.newer, blog));
  return document;
}

}  // namespace devy::reading
