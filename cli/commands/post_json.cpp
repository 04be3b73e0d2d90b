#include "cli/commands/post_json.hpp"

namespace devy::cli {

Json post_json(const store::Post& post) {
  return Json::object({{"id", post.id},
                       {"blog", post.blog},
                       {"slug", post.slug},
                       {"path", post.path},
                       {"title", post.title},
                       {"summary", post.summary},
                       {"tags", post.tags},
                       {"date", post.date},
                       {"is_draft", post.is_draft},
                       {"visible", post.is_visible},
                       {"blob", post.blob},
                       {"commit", post.commit},
                       {"updated_at", post.updated_at},
                       {"url_aliases", post.url_aliases}});
}

Json whole_post_json(const store::Post& post) {
  auto document = post_json(post);
  document.set("markdown", post.markdown);
  document.set("html", post.html);
  document.set("front_matter", Json::stored(post.front_matter_json));
  document.set("toc", Json::stored(post.toc_json));
  return document;
}

Json revision_json(const store::RevisionRow& revision) {
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
