#pragma once
// The mirror's operations: queue entries with what they are about. Throws what pg::Connection
// throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::mirror {

inline constexpr const char* fetch_kind = "mirror_fetch";  // one thing at GitHub
inline constexpr const char* scan_kind = "mirror_scan";    // a list: its beginning
inline constexpr const char* part_kind = "mirror_part";    // a part of a list
inline constexpr const char* sweep_kind = "mirror_sweep";  // what a list did not have any more
inline constexpr const char* audit_kind = "mirror_audit";  // some rows, compared with GitHub
inline constexpr const char* hook_kind = "mirror_hook";    // our webhook, on or off

inline constexpr const char* document_kind = "mirror_document";  // of a delivery

// Lower numbers run first (mirror.md, section 5).
inline constexpr int load_priority = 120;
// Readings for what changed, which nobody waits for.
inline constexpr int settle_priority = 150;
inline constexpr int full_scan_priority = 200;
inline constexpr int audit_priority = 250;

// The user of GitHub in whose name an operation asks GitHub. The token is sealed (scan/actor.hpp);
// empty: the operation has ended once, and it is erased.
struct Actor {
  std::int64_t github_id = 0;
  std::string sealed_token;
};

enum class HookAct { install, uninstall };
[[nodiscard]] std::string_view to_string(HookAct act);

struct NewOperation {
  std::string kind;
  std::string key;     // of its resource: "alice/notes", "7/issues/all", "7/issues/all/2"
  std::string owner;   // "mirror/alice", for fair shares
  std::string target;  // as people write it: "alice/notes/issues"
  std::optional<std::int64_t> repository_id = std::nullopt;
  std::optional<std::string> list = std::nullopt, state = std::nullopt;
  std::optional<base::TimePoint> since = std::nullopt;  // an incremental scan
  std::optional<std::string> scan = std::nullopt;
  std::optional<int> slot = std::nullopt;
  std::vector<std::string> children = {};  // lists to scan when the repository is known
  bool is_adding = false;                  // the repository is mirrored from then on
  queue::Source source = queue::Source::operator_;
  int priority = load_priority;
  std::string requested_by = {}, reason = {};
  std::optional<Actor> actor = std::nullopt;
  std::optional<HookAct> hook_act = std::nullopt;  // of hook_kind
};
struct Recorded {
  base::OperationId id;
  bool is_joined = false;  // one that does the same was under way
};
// Run it inside the caller's transaction, and wake the runners after the commit.
Recorded record(pg::Connection& connection, const NewOperation& operation);
// Notes what an operation has recorded or joined.
void note_child(pg::Connection& connection, const base::OperationId& operation,
                const base::OperationId& child);

struct Task {
  std::string target;
  std::optional<std::int64_t> repository_id;
  std::string list, state;               // empty: of a fetch
  std::optional<base::TimePoint> since;  // of an incremental scan
  std::optional<std::string> scan;
  std::optional<int> slot;
  std::optional<std::string> delivery;  // its GUID
  std::vector<std::string> children;
  bool is_adding = false;
  queue::Source source = queue::Source::operator_;
  int priority = load_priority;
  std::optional<Actor> actor;
  std::optional<HookAct> hook_act;
};
[[nodiscard]] Task load_task(pg::Connection& connection, const base::OperationId& operation);

// The webhooks that an operation has installed or uninstalled.
void note_hooks(pg::Connection& connection, const base::OperationId& operation,
                const std::vector<std::int64_t>& hooks);
[[nodiscard]] std::vector<std::int64_t> noted_hooks(pg::Connection& connection,
                                                    const base::OperationId& operation);

// The targets of operations, by their ids.
[[nodiscard]] std::map<std::string, std::string> targets(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::mirror
