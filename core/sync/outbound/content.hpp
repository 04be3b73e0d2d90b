#pragma once
// A record's fields in the words of requests to GitHub (sync.md, section 5). Reads the mirror's
// tables for the names that GitHub knows; asks nobody. One thread a connection; throws what
// pg::Connection throws.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/sync/record/fields.hpp"
#include "core/sync/record/marker.hpp"
#include "core/sync/record/remote.hpp"
#include "core/sync/store/outbound_store.hpp"

namespace devy::outbound {

struct Request {
  std::string method, path;  // the path behind "/repos/{owner}/{name}/issues"
  std::string body;
  std::set<std::string> fields;  // of the record, that it carries
  bool answers_item = false;     // with the issue or the comment
};
struct Plan {
  std::vector<Request> requests;
  std::set<std::string> fields;
  // Fields that cannot be sent whole, since GitHub has no such name: labels, a milestone, or a
  // user.
  std::set<std::string> unknown;
};

class Content {
 public:
  // Borrows all.
  Content(pg::Connection& connection, const config::Config& config, const sync::Sending& sending,
          std::int64_t repository)
      : connection_(connection), config_(config), sending_(sending), repository_(repository) {}

  // The body of the request that makes an issue or a comment. `as_author`: by his own token.
  [[nodiscard]] std::string creation(const record::TaskFields& fields, const record::Marker& marker,
                                     bool as_author, std::set<std::string>& unknown) const;
  // The requests that make GitHub's side say what ours does, in these fields.
  [[nodiscard]] Plan edit_task(const record::TaskFields& fields, const record::RemoteTask& remote,
                               const std::set<std::string>& names) const;
  [[nodiscard]] Plan edit_comment(const std::string& text,
                                  const record::RemoteComment& remote) const;

 private:
  [[nodiscard]] std::string text_as(const std::string& text, const std::string& former) const;
  [[nodiscard]] record::Author author() const;
  [[nodiscard]] std::vector<std::string> names_of_labels(const std::set<std::string>& labels,
                                                         std::set<std::string>& unknown) const;
  [[nodiscard]] std::vector<std::string> logins(const std::set<std::int64_t>& users,
                                                std::set<std::string>& unknown) const;
  void plan_labels(const record::TaskFields& fields, const record::RemoteTask& remote,
                   Plan& plan) const;
  void plan_assignees(const record::TaskFields& fields, const record::RemoteTask& remote,
                      Plan& plan) const;
  [[nodiscard]] std::string item() const;

  pg::Connection& connection_;
  const config::Config& config_;
  const sync::Sending& sending_;
  const std::int64_t repository_;
};

}  // namespace devy::outbound
