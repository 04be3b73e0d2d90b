#pragma once
// Changes of accounts and blogs that exist already, by an operator: rights, branch, repository,
// removal. Each is one statement or two, within the caller's transaction where he has one. Throws
// what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::publishing {

// Throws Error(conflict, "blog_limit") when somebody with several blogs shall be no supporter.
void set_supporter(pg::Connection& connection, const Account& account, bool is_supporter);

// Its sessions go with it. Throws Error(conflict, "account_in_use") while it has blogs, connected
// or not, or files.
void remove_account(pg::Connection& connection, const Account& account);

// The branch that is published whatever devy.toml and the repository say; nothing: theirs.
void set_branch(pg::Connection& connection, const Blog& blog,
                const std::optional<std::string>& branch);

// The repository has moved, or was renamed: its address changes, and where `github_id` is given its
// id at GitHub. Throws Error(conflict, "repository_connected") when another repository has that id.
void set_repository(pg::Connection& connection, const Blog& blog, const std::string& url,
                    const std::optional<std::int64_t>& github_id);

// Deletes the blog with its posts, files and uploads. Throws Error(conflict) while it is connected,
// or has an upload that has not ended.
void remove_blog(pg::Connection& connection, const Blog& blog);

}  // namespace devy::publishing
