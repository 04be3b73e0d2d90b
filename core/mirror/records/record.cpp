#include "core/mirror/records/record.hpp"

namespace devy::records {

std::string_view to_string(Relation relation) {
  switch (relation) {
    case Relation::user: return "user";
    case Relation::repository: return "repository";
    case Relation::user_repository: return "user_repository";
    case Relation::repository_hook: return "repository_hook";
    case Relation::label: return "label";
    case Relation::milestone: return "milestone";
    case Relation::issue: return "issue";
    case Relation::pull_request: return "pull_request";
    case Relation::pull_request_file: return "pull_request_file";
    case Relation::issue_comment: return "issue_comment";
  }
  return "";
}

}  // namespace devy::records
