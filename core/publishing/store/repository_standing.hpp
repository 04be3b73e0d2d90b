#pragma once
// The standing of a blog's repository: what is known of it, what is only claimed, and what GitHub
// or the remote said when it was asked. Besides the operator's word, that is the only way in which
// a repository gets an id or another address. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct RepositoryStanding {
  base::RepositoryId id;
  std::optional<std::int64_t> github_id, installation;
  std::optional<std::string> claim;  // to_string(Claim); not believed yet
  std::string claimed_at;            // in PostgreSQL's own notation; empty without a claim
  std::optional<base::TimePoint> asked_at;
  // The remote reported that it does not exist, and nothing has shown since that what is there now
  // is the same repository.
  bool was_gone = false;
};
[[nodiscard]] RepositoryStanding repository_standing(pg::Connection& connection,
                                                     const base::BlogId& blog);

// GitHub's answer to a question of ours.
struct RepositoryAnswer {
  std::optional<std::string> url;  // set when it is another one, and may be fetched
  std::string owner, name, default_branch;
  bool is_private = false;
  std::optional<std::int64_t> installation;
  std::optional<base::TimePoint> updated_at;
};
void save_answer(pg::Connection& connection, const base::RepositoryId& repository,
                 const RepositoryAnswer& answer);
void note_asked(pg::Connection& connection, const base::RepositoryId& repository);
// Returns false when the repository has another id, or another repository has this one.
[[nodiscard]] bool bind_repository(pg::Connection& connection, const base::RepositoryId& repository,
                                   std::int64_t github_id);
// Forgets the claim, unless there is another meanwhile.
void settle_claim(pg::Connection& connection, const RepositoryStanding& standing);

// An upload found that the remote does not exist.
void note_gone(pg::Connection& connection, const base::BlogId& blog);

}  // namespace devy::publishing
