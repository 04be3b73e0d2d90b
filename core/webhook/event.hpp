#pragma once
// What a webhook says: its body, and the name in its header, as one of the few events that mean
// something here (the table of github.md). Everything in it is the sender's word, even where the
// signature is good: a payload is a hint, the remote is asked.
//
// Only the body is signed, so its shape is held against the event's name: a push's body under the
// name of a ping is refused. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"

namespace devy::webhook {

inline constexpr std::size_t payload_bytes_max = 25UL * 1024 * 1024;  // GitHub's own cap
inline constexpr int payload_depth_max = 64;
inline constexpr std::size_t repositories_max = 10'000;  // of one installation event

// Names and addresses are checked for form: fit for a column, not yet for a fetch. An event that
// means nothing here has the id alone.
struct Repository {
  std::int64_t github_id = 0;
  std::string owner, name;
  std::string clone_url;       // empty where the event has none
  std::string default_branch;  // empty where the event has none
  std::optional<bool> is_private, is_archived;
};

struct Ping {
  bool has_push = true;  // `push`, or everything, is among the hook's events
  bool is_insecure = false;
};

struct Push {
  std::string ref;     // "refs/heads/main"
  std::string branch;  // empty: a tag or something else
  std::string after;   // 40 digits, all zeros when the branch was deleted
  bool is_deleted = false;
  bool is_skipped = false;  // the head commit carries a skip marker
  std::optional<base::TimePoint> pushed_at;
};

enum class RepositoryChange {
  renamed,
  transferred,
  edited,  // its default branch among other things
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

// The GitHub App, or a hook, came to or left repositories.
struct InstallationChanged {
  std::vector<std::int64_t> gained, lost;  // github ids
  bool is_whole_lost = false;              // of every repository that the payload does not name
};

struct Other {};

struct Event {
  std::string name, action;  // action: empty where the event has none that is a name
  std::optional<Repository> repository;
  std::optional<std::int64_t> installation;
  std::variant<Ping, Push, RepositoryChanged, InstallationChanged, Other> what;
};

// "push", "issue_comment": what GitHub may call an event.
[[nodiscard]] bool is_event_name(std::string_view text);

// Throws Error(rejected, "payload_invalid") for what is no JSON, too deep, too large, or not of the
// shape that the name promises.
[[nodiscard]] Event parse_event(std::string_view name, std::string_view json);

// "[skip ci]" and its like, or the trailer "skip-checks: true".
[[nodiscard]] bool has_skip_marker(std::string_view commit_message);

}  // namespace devy::webhook
