#include "core/mirror/records/issue_of_pull.hpp"

#include <algorithm>
#include <array>

namespace devy::records {
namespace {

// The columns that both tables have, with the same meaning. Counts of comments are those of the
// issue, and only a pull request's details have them.
constexpr std::array<std::string_view, 17> shared{"assignee_id",
                                                  "assignee_login",
                                                  "author_association",
                                                  "body",
                                                  "closed_at",
                                                  "comments_count",
                                                  "created_at",
                                                  "locked",
                                                  "milestone_id",
                                                  "milestone_number",
                                                  "number",
                                                  "repository_id",
                                                  "state",
                                                  "title",
                                                  "updated_at",
                                                  "user_id",
                                                  "user_login"};

}  // namespace

Record issue_of_pull(const Record& pull, std::int64_t issue_id) {
  Record issue;
  issue.relation = Relation::issue;
  issue.id = issue_id;
  issue.github_at = pull.github_at;
  issue.has_own_time = pull.has_own_time;
  issue.is_added_only = pull.is_added_only;
  for (const auto& [name, value] : pull.columns)
    if (std::ranges::find(shared, name) != shared.end()) issue.columns.emplace_back(name, value);
  issue.links.repository_id = pull.links.repository_id;
  issue.links.number = pull.links.number;
  return issue;
}

}  // namespace devy::records
