#pragma once
// Compares a blog with its repository: the posts with the tree at the blog's head (`verify`), and
// the head with the remote's tip (`reconcile`). Each call borrows the connection; one thread.

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::reconcile {

// `verify`: checks whether the posts, and the files that they show or link to, equal the tree at
// the blog's head, whether the posts' paths, slugs, titles and HTML are those that were written,
// and whether old addresses lead to them.
struct Verification {
  std::string blog;
  std::optional<std::string> commit;  // empty: nothing was published yet
  bool is_ok = false;
  std::vector<std::string> missing, extra, different;  // paths
};
[[nodiscard]] Verification verify(pg::Connection& connection, const config::Config& config,
                                  const publishing::Blog& blog, const std::stop_token& stop);

// `reconcile`: asks the remote for its tip and records an upload when the tip is not the blog's
// head.
struct Reconciled {
  std::string blog;
  std::optional<std::string> tip, head;
  std::optional<base::UploadId> upload;  // the upload that was recorded, is waiting, or has failed
  // One of "up to date", "upload recorded", "already waiting", "pinned", "the tip has a skip
  // marker", "failed at this commit" (within the last hour), "frozen: " and a reason, or the text
  // of the error.
  std::string note;
  bool is_error = false;
  std::string error_code;  // the list in platform/git/clone.hpp, or {history,repository}_replaced
  bool is_recorded = false;
};
// Adopts what the remote reports: a redirect, its default branch. Claims of deliveries are
// confirmed or refuted; GitHub is asked with `access` where there is a reason (identity.hpp; null:
// never). A repository that was gone or frozen must have the id that is bound, where GitHub can be
// asked, or else the commit that the blog shows; a blog that was frozen because its repository
// could not be reached is thawed then. Throws what pg::Connection throws, and Error(stopped).
[[nodiscard]] Reconciled reconcile(pg::Connection& connection, const config::Config& config,
                                   const publishing::Blog& blog, const std::string& requested_by,
                                   git::TipAsker& asker, const std::stop_token& stop = {},
                                   github::Access* access = nullptr);

}  // namespace devy::reconcile
