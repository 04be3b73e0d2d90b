#pragma once
// The actions of the programs on uploads: run them in this process, preview a publish, compare with
// the remote. Each call borrows the connection; one thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/progress.hpp"
#include "core/platform/snapshot/difference.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/blog/left_out.hpp"
#include "core/publishing/plan/redirects.hpp"
#include "core/publishing/post/date.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::upload {

// `diff`: computes what publishing would change, and changes nothing. The result includes slug
// collisions, render errors and links that lead nowhere, also of posts that would not change
// otherwise.
struct PlannedPost {  // the post that a file would become
  std::string path, slug, title;
  // As written, or that of the file's first commit. Empty: the commit's date, or the one that the
  // post has.
  std::optional<post::WrittenDate> date;
  std::optional<base::TimePoint> expires_at;
  bool is_draft = false;
  std::uint32_t word_count = 0;
};
struct Preview {
  std::string blog;
  std::optional<std::string> from_commit;
  std::string to_commit;
  snapshot::Changeset changeset;
  std::vector<PlannedPost> posts;         // of the files that would be written, ordered by path
  std::vector<plan::Redirect> redirects;  // the redirects that would be added
  std::vector<snapshot::FileError> file_errors, warnings;
  std::optional<blog::LeftOut> left_out;  // absent only of an upload that did not get so far
  std::optional<std::string> held;        // the reason for which the guard would hold it
};
[[nodiscard]] Preview preview(pg::Connection& connection, const config::Config& config,
                              const publishing::Blog& blog,
                              const std::optional<std::string>& commit,
                              const queue::OnProgress& on_progress, const std::stop_token& stop);

// `check`: computes what a local folder would publish. Needs no database.
struct CheckReport {
  std::vector<PlannedPost> posts;
  std::vector<plan::Redirect> redirects;
  std::vector<snapshot::FileError> file_errors, warnings;
  blog::LeftOut left_out;
};
[[nodiscard]] CheckReport check_directory(const config::Config& config,
                                          const std::string& directory,
                                          const queue::OnProgress& on_progress);

}  // namespace devy::upload
