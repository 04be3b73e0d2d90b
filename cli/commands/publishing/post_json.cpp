#include "cli/commands/publishing/post_json.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/publishing/post/word_count.hpp"

namespace devy::cli {
namespace {

// A day stays a day: as a moment it would be another one in some reader's time zone.
Json day_or_moment(const std::optional<std::chrono::sys_days>& day,
                   const std::optional<base::TimePoint>& moment) {
  return day ? Json(base::format_day(*day)) : Json(moment);
}

}  // namespace

Json post_json(const publishing::Post& post) {
  return Json::object({{"id", post.id},
                       {"blog", post.blog},
                       {"slug", post.slug},
                       {"path", post.path},
                       {"title", post.title},
                       {"summary", post.summary},
                       {"tags", post.tags},
                       {"date", day_or_moment(post.published_on, post.published_at)},
                       {"is_draft", post.is_draft},
                       {"visible", post.is_visible},
                       {"blob", post.blob},
                       {"commit", post.commit},
                       {"updated_at", post.updated_at},
                       {"url_aliases", post.url_aliases},
                       {"published_at", post.published_at},
                       {"updated", day_or_moment(post.revised_on, post.revised_at)},
                       {"expires_at", post.expires_at},
                       {"preview_token", post.preview_token},
                       {"authors", post.authors},
                       {"cover", post.cover},
                       {"canonical", post.canonical},
                       {"lang", post.lang},
                       {"word_count", post.word_count},
                       {"reading_minutes", post::reading_minutes(post.word_count)}});
}

Json whole_post_json(const publishing::Post& post) {
  auto document = post_json(post);
  document.set("markdown", post.markdown);
  document.set("html", post.html);
  document.set("front_matter", Json::stored(post.front_matter_json));
  document.set("toc", Json::stored(post.toc_json));
  document.set("title_id", post.title_id);
  return document;
}

Json revision_json(const publishing::RevisionRow& revision) {
  return Json::object({{"version", revision.version},
                       {"change", revision.change},
                       {"path", revision.path},
                       {"slug", revision.slug},
                       {"title", revision.title},
                       {"blob", revision.blob},
                       {"commit", revision.commit},
                       {"upload", revision.upload},
                       {"at", revision.at}});
}

}  // namespace devy::cli
