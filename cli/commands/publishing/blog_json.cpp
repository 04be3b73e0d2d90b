#include "cli/commands/publishing/blog_json.hpp"

namespace devy::cli {

Json blog_json(const publishing::Blog& blog) {
  return Json::object({{"id", blog.id},
                       {"blog", blog.address()},
                       {"username", blog.username},
                       {"slug", blog.slug},
                       {"repository_url", blog.repository_url},
                       {"github_id", blog.github_id},
                       {"branch", blog.branch},
                       {"default_branch", blog.default_branch},
                       {"is_connected", blog.is_connected},
                       {"frozen_reason", blog.frozen_reason},
                       {"pause", queue::pause_json(blog.pause)},
                       {"name", blog.name},
                       {"description", blog.description},
                       {"head_commit", blog.head_commit},
                       {"head_at", blog.head_at},
                       {"pinned_commit", blog.pinned_commit},
                       {"posts", blog.posts},
                       {"file_errors", blog.file_errors},
                       {"last_upload", blog.last_upload},
                       {"last_upload_state", blog.last_upload_state},
                       {"created_at", blog.created_at}});
}

}  // namespace devy::cli
