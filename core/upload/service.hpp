#pragma once
// What the programs do with uploads beyond single rows: run them here, look before publishing,
// compare with the remote. Each call borrows the connection; one thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/markdown/date.hpp"
#include "core/pg/connection.hpp"
#include "core/publish/redirects.hpp"
#include "core/repository/clone.hpp"
#include "core/snapshot/difference.hpp"
#include "core/snapshot/file_error.hpp"
#include "core/store/blog_store.hpp"
#include "core/upload/progress.hpp"

namespace devy::upload {

// `diff`: what publishing would change; changes nothing. Slug collisions, render errors and links
// that lead nowhere included, those of posts that would not change otherwise, too.
struct PlannedPost {  // what a file will be
  std::string path, slug, title;
  std::optional<markdown::WrittenDate> date;  // nothing: the commit's, or what the post has
  std::optional<base::TimePoint> expires_at;
  bool is_draft = false;
  std::uint32_t word_count = 0;
};
struct Preview {
  std::string blog;
  std::optional<std::string> from_commit;
  std::string to_commit;
  snapshot::Changeset changeset;
  std::vector<PlannedPost> posts;            // of files that are written, by path
  std::vector<publish::Redirect> redirects;  // that will come
  std::vector<snapshot::FileError> file_errors, warnings;
  std::optional<std::string> held;  // why the guard would hold it
};
[[nodiscard]] Preview preview(pg::Connection& connection, const config::Config& config,
                              const store::Blog& blog, const std::optional<std::string>& commit,
                              const OnProgress& on_progress, const std::stop_token& stop);

// `check`: what a folder on this disk would publish. Needs no database.
struct CheckReport {
  std::vector<PlannedPost> posts;
  std::vector<publish::Redirect> redirects;
  std::vector<snapshot::FileError> file_errors, warnings;
};
[[nodiscard]] CheckReport check_directory(const config::Config& config,
                                          const std::string& directory,
                                          const OnProgress& on_progress);

// `verify`: are the posts, and the files they show or link, the tree at the blog's head?
struct Verification {
  std::string blog;
  std::optional<std::string> commit;  // null: nothing was published yet
  bool is_ok = false;
  std::vector<std::string> missing, extra, different;  // paths
};
[[nodiscard]] Verification verify(pg::Connection& connection, const config::Config& config,
                                  const store::Blog& blog, const std::stop_token& stop);

// `reconcile`: asks the remote for its tip and records an upload when it is not the head.
struct Reconciled {
  std::string blog;
  std::optional<std::string> tip, head;
  std::optional<base::UploadId> upload;  // what was recorded, waits, or failed
  // "up to date", "upload recorded", "already waiting", "pinned", "failed at this commit" (within
  // the last hour), or the error.
  std::string note;
  bool is_error = false;
  std::string error_code;  // the list in repository/clone.hpp, or history_replaced
  bool is_recorded = false;
};
// What the remote says of itself is followed: a redirect, its default branch. A blog that was
// frozen because its repository could not be reached is thawed, unless what answers now does not
// have the commit that the blog shows. Throws what pg::Connection throws, and Error(stopped).
[[nodiscard]] Reconciled reconcile(pg::Connection& connection, const config::Config& config,
                                   const store::Blog& blog, const std::string& requested_by,
                                   repository::TipAsker& asker, const std::stop_token& stop = {});

// Has a blog published again from the start: replays its last completed upload without anything
// that remembers, since a replay looks at every file even where the remote has not moved. A blog
// that has none gets a new upload. Throws Error(conflict) when something newer is under way.
[[nodiscard]] base::UploadId record_repair(pg::Connection& connection, const config::Config& config,
                                           const store::Blog& blog,
                                           const std::string& requested_by);

// Runs uploads in this process (`poll`, `--here`): a worker of its own. Returns how many ran.
struct RunHere {
  std::optional<base::UploadId> only;  // nothing: drain what is due
  int max = 1'000'000;
  bool is_forever = false;  // poll without --once
};
int run_here(const std::string& conninfo, const config::Config& config, const RunHere& options,
             const OnProgress& on_progress, const std::stop_token& stop);

// Makes this program able to play every child role of core; main calls it first.
void register_child_roles();

}  // namespace devy::upload
