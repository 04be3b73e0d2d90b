#pragma once
// Connections of projects with repositories: what people read of them, and the acts of
// core/sync/projects.sql. Each act returns the operation of kind connection_sync that does the
// work; wake the runners after the commit. Values; throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

inline constexpr const char* connection_kind = "connection_sync";

struct Connected {
  std::string id, project_id;
  std::string project;  // "owner/slug"
  std::int64_t repository_id = 0;
  std::string repository;  // "owner/name" now, as far as it is known
  std::string state, reason, former_state, export_mode;
  std::map<std::string, std::optional<std::string>> labels;  // GitHub's → ours
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  std::optional<std::int64_t> installation;  // of the App, where it is known
  std::optional<base::TimePoint> verified_at;
  // The newest operation of its own, and its state; empty: it was pruned.
  std::string operation, operation_state;
};
// The project's, those that are disconnected last.
[[nodiscard]] std::vector<Connected> list_connections(pg::Connection& connection,
                                                      const std::string& project_id);
[[nodiscard]] std::optional<Connected> find_connection(pg::Connection& connection,
                                                       const std::string& id);
// By the repository's id, or by "owner/name" in any case.
[[nodiscard]] std::optional<Connected> find_connection(pg::Connection& connection,
                                                       const std::string& project_id,
                                                       const std::string& repository);

struct Connect {
  std::string project_id;
  std::int64_t repository_id = 0;
  std::string name = {};             // "owner/name", as far as the caller knows it
  std::string export_mode = "none";  // none, open or all
  // The account that asks: GitHub must let it push. Nothing: the command line.
  std::optional<std::string> by = {};
  bool is_approved = false;  // the number of tasks that become issues need not be confirmed
  std::string requested_by = {};
};
struct Act {
  std::string connection, operation;  // the operation is empty where there is nothing to do
};
// Throws Error(conflict, "repository_taken") where another project has it.
Act connect(pg::Connection& connection, const Connect& wish);
Act disconnect(pg::Connection& connection, const std::string& id, const std::string& reason,
               const std::string& requested_by);
// Throws Error(conflict, "connection_state") when it is not blocked.
Act approve(pg::Connection& connection, const std::string& id, const std::string& requested_by);
// Throws Error(conflict, "connection_state") when it is off or a person has to approve first.
Act sync_again(pg::Connection& connection, const std::string& id, const std::string& requested_by);

// The words for a reason, with what to do next; for pages, `explain` and the API.
struct ReasonText {
  std::string message, hint;
};
[[nodiscard]] ReasonText explain_reason(const std::string& reason);

// ---- installations of the GitHub App

struct Installation {
  std::int64_t id = 0, github_account_id = 0;
  std::string login, account_type, state;
  std::map<std::string, std::string> permissions;
  std::vector<std::string> missing;       // permissions that syncing needs
  std::vector<std::string> repositories;  // connected ones
  std::optional<std::int64_t> remaining;  // of this hour's requests
};
// Those that the account may see: its own, and those on which projects are that it administers;
// nothing for `account_id`: all.
[[nodiscard]] std::vector<Installation> list_installations(
    pg::Connection& connection, const std::optional<std::string>& account_id);

// A delivery of the App, as far as it tells of an installation.
struct InstallationEvent {
  std::int64_t id = 0, github_account_id = 0;
  std::string login, account_type;
  std::string
      action;  // created, suspend, unsuspend, deleted, new_permissions_accepted, added, removed
  std::string permissions;                 // a JSON object
  std::vector<std::int64_t> gained, lost;  // repositories
};
// Notes it, and switches the connections that it concerns. Returns the operations that this
// recorded.
std::vector<std::string> note_installation(pg::Connection& connection,
                                           const InstallationEvent& event);
// A user of GitHub takes back what he allowed the App: his token is erased.
void note_revocation(pg::Connection& connection, std::int64_t github_user);
// Rows of these repositories changed in this transaction: connections of those that ended end, and
// those go on that had ended because of that.
void note_repositories(pg::Connection& connection, const std::vector<std::int64_t>& repositories);

}  // namespace devy::sync
