#pragma once
// A parsed webhook: its body, and the event name in its header, become one of the few events that
// matter here (the table of github.md). All of it is claimed by the sender, even when the signature
// is good: a payload is only a hint, and the remote is asked.
//
// Only the body is signed, so its shape is checked against the event's name: the body of a push
// under the name of a ping is refused. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::webhook {

inline constexpr std::size_t payload_bytes_max = 25UL * 1024 * 1024;  // GitHub's own cap
inline constexpr int payload_depth_max = 64;
inline constexpr std::size_t repositories_max = 10'000;  // in one installation event

// Names and addresses were checked for their form only: they fit a column, but may not be fetched
// yet. An event without meaning here has the id alone.
struct Repository {
  std::int64_t github_id = 0;
  std::string owner, name;
  std::string clone_url;       // empty where the event has none
  std::string default_branch;  // empty where the event has none
  std::optional<bool> is_private, is_archived;
  // By GitHub's clock: of two events about a repository the one with the later time is the newer.
  std::optional<base::TimePoint> updated_at;
};

struct Ping {
  bool has_push = true;  // `push`, or all events, is among the hook's events
  bool is_insecure = false;
};

struct Push {
  std::string ref;     // "refs/heads/main"
  std::string branch;  // empty: a tag or something else
  std::string after;   // 40 digits; all zeros when the branch was deleted
  bool is_deleted = false;
  bool is_skipped = false;  // the head commit carries a skip marker
  std::optional<base::TimePoint> pushed_at;
};

enum class RepositoryChange {
  renamed,
  transferred,
  edited,  // its default branch changed, possibly among other things
  privatized,
  publicized,
  archived,
  unarchived,
  deleted,
  other,
};
struct RepositoryChanged {
  RepositoryChange change = RepositoryChange::other;
  bool is_default_branch_changed = false;
};

// The GitHub App or a hook was added to or removed from repositories.
struct InstallationChanged {
  std::vector<std::int64_t> gained, lost;  // github ids
  bool is_whole_lost = false;  // also lost: every repository that the payload does not name
};

struct Other {};

// A document that the event names: the issue of an `issues`, the label of a `label`.
struct Named {
  // The payload has it under this name: "issue", "pull_request", "label", "milestone", "comment",
  // "hook" or "member".
  std::string member;
  std::int64_t id = 0;
  std::optional<std::int64_t> number;
  std::string name;  // of a label, the login of a member; empty: it has none
  std::optional<base::TimePoint> updated_at;
};

struct Event {
  std::string name, action;  // action: empty when the event has none that is a valid name
  std::optional<Repository> repository;
  std::optional<std::int64_t> installation;
  std::vector<Named> named;  // of events without meaning here: other systems have uses for them
  std::variant<Ping, Push, RepositoryChanged, InstallationChanged, Other> what;
  // The members that were kept of the payload (payload.cpp), where it names documents or is about
  // the GitHub App: they are a claim of the sender as everything else is.
  std::optional<json::Value> payload = std::nullopt;
};

// Tells whether GitHub could use this as an event name, like "push" or "issue_comment".
[[nodiscard]] bool is_event_name(std::string_view text);

// Throws Error(rejected, "payload_invalid") for a payload that is not JSON, is nested too deeply,
// is too large, or does not have the shape that the event's name requires.
[[nodiscard]] Event parse_event(std::string_view name, std::string_view json);

}  // namespace devy::webhook
