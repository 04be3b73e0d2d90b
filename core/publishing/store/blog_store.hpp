#pragma once
// Blogs and their repositories in the database. A blog is named "username/slug". Errors name the
// blog. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/platform/queue/pause.hpp"

namespace devy::publishing {

struct Blog {
  base::BlogId id;
  std::string username, slug;
  std::string repository_url;
  std::optional<std::int64_t> github_id;
  std::optional<std::string> branch;          // set by the operator
  std::optional<std::string> default_branch;  // as last reported by the remote
  bool is_connected = true;
  std::optional<std::string> frozen_reason;  // set: posts stay, uploads end as disabled
  std::optional<std::string> name, description;
  std::optional<std::string> head_commit, head_origin, pinned_commit;
  std::optional<base::TimePoint> head_at;
  base::TimePoint created_at;
  queue::ResourceId resource = 0;
  std::optional<queue::Pause> pause;  // its own, not the whole queue's
  int posts = 0, file_errors = 0;
  std::optional<base::OperationId> last_upload;  // repairs apart
  std::optional<std::string> last_upload_state;

  [[nodiscard]] std::string address() const { return username + "/" + slug; }
};

struct ConnectRequest {
  std::string username, slug;
  std::string repository_url;  // normalised by git::normalize_url
  std::optional<std::string> branch;
  std::optional<std::int64_t> github_id;
};

// Connects a blog. A disconnected blog of the same address is connected again and keeps its posts;
// a connected one whose repository gets its id at GitHub only now is bound, and stays as it is.
// Throws Error(not_found) when there is no such account, Error(conflict) when the address is taken,
// when the repository already has a blog, or when the account is no supporter and has a blog;
// codes: blog_exists, repository_connected, blog_limit, slug_unsuitable. This and disconnect_blog()
// may be parts of the caller's transaction, as acts of people are (connecting/acts.hpp).
Blog connect_blog(pg::Connection& connection, const ConnectRequest& request);
// The posts stay. Uploads that wait, and those recorded from now on, end as disabled; a running one
// is asked to stop.
void disconnect_blog(pg::Connection& connection, const Blog& blog);

// Accepts "username/slug", or a slug alone when it is unambiguous. Throws Error(not_found).
[[nodiscard]] Blog find_blog(pg::Connection& connection, const std::string& address);
// Counting posts and file errors needs a scan of them, so the pipeline reads blogs without counts.
enum class Counts { with, without };
[[nodiscard]] Blog find_blog_by_id(pg::Connection& connection, const base::BlogId& id,
                                   Counts counts = Counts::with);
[[nodiscard]] std::vector<Blog> list_blogs(pg::Connection& connection,
                                           bool with_disconnected = false);
// Blogs in the order of their addresses, connected or not.
struct BlogListing {
  std::optional<std::string> username = {};  // only this account's
  std::string after = {};                    // an address: those behind it
  int limit = 100;
};
[[nodiscard]] std::vector<Blog> page_of_blogs(pg::Connection& connection, const BlogListing& page);

// Stores what the remote reported: a new address found by a redirect, the default branch.
void update_repository(pg::Connection& connection, const Blog& blog, const std::string& url,
                       const std::optional<std::string>& default_branch);

// Stores the size of a fetch that included every file.
void note_pack_bytes(pg::Connection& connection, const base::BlogId& blog, std::int64_t bytes);

}  // namespace devy::publishing
