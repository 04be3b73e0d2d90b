#pragma once
// One row of a table of schema `github`, as a document said it: only the columns that the document
// has. An absent column keeps what the table has, because absent is not null. A record knows
// nothing of the row that is there already; which of them wins is decided by the store. Values; any
// thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"

namespace devy::records {

// The tables, in the order in which rows are locked.
enum class Relation {
  user,
  repository,
  user_repository,
  repository_hook,
  label,
  milestone,
  issue,
  pull_request,
  pull_request_file,
  issue_comment,
};

inline constexpr std::array relations{Relation::user,
                                      Relation::repository,
                                      Relation::user_repository,
                                      Relation::repository_hook,
                                      Relation::label,
                                      Relation::milestone,
                                      Relation::issue,
                                      Relation::pull_request,
                                      Relation::pull_request_file,
                                      Relation::issue_comment};

// The table's name in schema `github`.
[[nodiscard]] std::string_view to_string(Relation relation);

// A label of an issue or a pull request. A document may give the mere name: the store looks for the
// label's id in the repository.
struct LabelLink {
  std::optional<std::int64_t> id = std::nullopt;
  std::string name = {};

  friend bool operator==(const LabelLink&, const LabelLink&) = default;
};

// The links of an issue or a pull request, each as a whole set: present when the document has the
// member and each element of it could be read; an absent set keeps what the table has. Ordered, and
// no element twice. The first two are kept by repository and number, as both kinds share numbers.
struct Links {
  std::int64_t repository_id = 0;
  std::int64_t number = 0;  // 0: the document did not tell it, and the row may
  std::optional<std::vector<LabelLink>> labels = std::nullopt;
  // Ids of users.
  std::optional<std::vector<std::int64_t>> assignees = std::nullopt;
  // Ids of users; of pull requests alone.
  std::optional<std::vector<std::int64_t>> requested_reviewers = std::nullopt;
};

struct Record {
  Relation relation = Relation::user;
  // The key is `id` alone, but (user, repository) for user_repository and (pull request, filename)
  // for pull_request_file.
  std::int64_t id = 0;
  std::int64_t second_id = 0;
  std::string filename = {};

  // GitHub's time of the row, by which the newer of two documents is found. Empty is older than any
  // time. A record that is only added has none: a time that was made up would keep true ones out.
  std::optional<base::TimePoint> github_at = std::nullopt;
  // Tells whether the time is the document's own, not the one of its carrier or of the answer.
  bool has_own_time = false;
  // Adds a row where it is missing and changes none: the source is not believed about it, or the
  // document is a short form without the time that orders the others of its table.
  bool is_added_only = false;
  // A pull request whose `mergeable` was null: GitHub had not computed it yet. The column is left
  // out then, and the store sets it to null only when base_sha or head_sha differ from the row's.
  bool mergeable_is_unknown = false;

  // In the order of their names, so that records of one shape are alike. Without the key, github_at
  // and the stamps. Numbers, texts, booleans, null; times as RFC 3339; arrays of texts; documents.
  json::Json::Fields columns = {};
  Links links = {};  // of issues and pull requests; has no set for others
};

}  // namespace devy::records
