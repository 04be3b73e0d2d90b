#pragma once
// Blogs and their repositories in the database. A blog is named "username/slug". Throws what
// pg::Connection throws; names the blog in its errors.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/operation.hpp"

namespace devy::store {

struct Blog {
  base::BlogId id;
  std::string username, slug;
  std::string repository_url;
  std::optional<std::int64_t> github_id;
  std::optional<std::string> branch;          // fixed by the operator
  std::optional<std::string> default_branch;  // as last seen at the remote
  bool is_connected = true;
  std::optional<std::string> frozen_reason;  // posts stay, uploads end as disabled
  std::optional<std::string> name, description;
  std::optional<std::string> head_commit, head_origin, pinned_commit;
  std::optional<base::TimePoint> head_at;
  base::TimePoint created_at;
  queue::ResourceId resource = 0;
  int posts = 0, file_errors = 0;
  std::optional<base::OperationId> last_upload;
  std::optional<std::string> last_upload_state;

  [[nodiscard]] std::string address() const { return username + "/" + slug; }
};

struct ConnectRequest {
  std::string username, slug;
  std::string repository_url;  // normalised by repository::normalize_url
  std::optional<std::string> branch;
  std::optional<std::int64_t> github_id;
};

// Connects again a blog of that address that was disconnected, keeping its posts. Throws
// Error(not_found) for the account, Error(conflict) when the address is taken, the repository has a
// blog already, or the account is no supporter and has one.
Blog connect_blog(pg::Connection& connection, const ConnectRequest& request);
// The posts stay; what waits and what is recorded from now on ends as disabled, what runs is asked
// to stop.
void disconnect_blog(pg::Connection& connection, const Blog& blog, const std::string& reason);

// "username/slug"; or a slug alone where it is unambiguous. Throws Error(not_found).
[[nodiscard]] Blog find_blog(pg::Connection& connection, const std::string& address);
// Counting posts and file errors costs a scan of them; the pipeline goes without.
enum class Counts { with, without };
[[nodiscard]] Blog find_blog_by_id(pg::Connection& connection, const base::BlogId& id,
                                   Counts counts = Counts::with);
[[nodiscard]] std::vector<Blog> list_blogs(pg::Connection& connection,
                                           bool with_disconnected = false);

// What the remote told: a rename followed by redirect, the default branch.
void update_repository(pg::Connection& connection, const Blog& blog, const std::string& url,
                       const std::optional<std::string>& default_branch);

// What a fetch with every file took.
void note_pack_bytes(pg::Connection& connection, const base::BlogId& blog, std::int64_t bytes);

}  // namespace devy::store
