#pragma once
// The table of systems: what each brings to the platform. Whoever runs operations, takes
// deliveries, does maintenance, prunes or measures loops over it, and knows no system by name. A
// system joins by its folder and a row in core/systems_table.cpp.
//
// The table is constant; any thread.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/maintenance_task.hpp"
#include "core/platform/queue/prune.hpp"
#include "core/platform/queue/system_metrics.hpp"
#include "core/platform/webhook/subscriber.hpp"

namespace devy::systems {

struct System {
  std::string name;
  std::vector<queue::Kind> kinds;
  const webhook::Subscriber* subscriber = nullptr;  // null: it takes no deliveries
  std::vector<queue::Maintenance> maintenance = {};
  // Makes this program able to play the system's child roles.
  void (*register_child_roles)() = nullptr;
  // Its records besides operations that are deleted when they are old; and which operations it
  // needs longer.
  std::vector<queue::Prunable> prunables = {};
  queue::NeededOperations needed_operations = nullptr;
  std::unique_ptr<queue::SystemMetrics> (*make_metrics)() = nullptr;
  void (*diagnose)(pg::Connection&, const config::Config&, std::vector<base::Diagnosis>&) = nullptr;
  // Names what operations are about, for lists: "alice/notes", by the operation's id.
  std::map<std::string, std::string> (*subjects)(pg::Connection&,
                                                 const std::vector<std::string>& ids) = nullptr;
};

// The table itself, in the order in which systems lock rows of theirs.
[[nodiscard]] const std::vector<System>& table();

// ---- what the loops over it share

[[nodiscard]] webhook::Subscribers subscribers();
// Each kind once, in the order of the table: a kind that runs in two lanes has two rows, and is its
// first.
[[nodiscard]] std::vector<const queue::Kind*> kinds_by_name();
// Null for a kind of no system.
[[nodiscard]] const queue::Kind* find_kind(std::string_view name);
// The lanes besides `work` that this configuration has kinds for, each once.
[[nodiscard]] std::vector<std::string> runner_lanes(const config::Config& config);
// The lane as operations have it: with the place in it where it has some, as in `files:a`.
[[nodiscard]] std::string claimed_lane(const std::string& lane, const config::Config& config);
// Before the program's main work: see process/child.hpp.
void register_child_roles();
// Everything that is deleted when it is old: operations of all kinds, what the systems bring,
// deliveries, and logins.
[[nodiscard]] std::vector<queue::Prunable> prunables();
// Names what operations of any system are about, by their ids.
[[nodiscard]] std::map<std::string, std::string> subjects(pg::Connection& connection,
                                                          const std::vector<std::string>& ids);

// The handlers of the kinds of one lane, or of all lanes, that the configuration has on.
class Handlers {
 public:
  // A kind that cannot be run with this configuration is logged, and left out.
  Handlers(const std::optional<std::string>& lane, const queue::HandlerContext& context);
  // They must outlive the runner.
  void add_to(queue::Runner& runner);
  [[nodiscard]] bool needs_scratch(std::string_view kind) const;

 private:
  struct Entry {
    const queue::Kind* kind;
    std::unique_ptr<queue::Handler> handler;
  };
  std::vector<Entry> entries_;
};

}  // namespace devy::systems
