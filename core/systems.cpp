#include "core/systems.hpp"

#include <algorithm>

#include "core/platform/base/log.hpp"
#include "core/platform/web/prunable.hpp"
#include "core/platform/webhook/delivery_store.hpp"

namespace devy::systems {

webhook::Subscribers subscribers() {
  static const auto all = [] {
    std::vector<const webhook::Subscriber*> found;
    for (const auto& system : table())
      if (system.subscriber != nullptr) found.push_back(system.subscriber);
    return found;
  }();
  return all;
}

std::vector<const queue::Kind*> kinds_by_name() {
  std::vector<const queue::Kind*> kinds;
  for (const auto& system : table())
    for (const auto& kind : system.kinds)
      if (std::ranges::find(kinds, kind.name, &queue::Kind::name) == kinds.end())
        kinds.push_back(&kind);
  return kinds;
}

const queue::Kind* find_kind(std::string_view name) {
  for (const auto& system : table())
    for (const auto& kind : system.kinds)
      if (kind.name == name) return &kind;
  return nullptr;
}

std::vector<std::string> runner_lanes(const config::Config& config) {
  std::vector<std::string> lanes;
  for (const auto& system : table())
    for (const auto& kind : system.kinds)
      if (kind.lane != queue::work_lane && kind.is_on(config) &&
          std::ranges::find(lanes, kind.lane) == lanes.end())
        lanes.push_back(kind.lane);
  return lanes;
}

std::string claimed_lane(const std::string& lane, const config::Config& config) {
  for (const auto& system : table())
    for (const auto& kind : system.kinds)
      if (kind.lane == lane && kind.lane_place) return lane + ":" + kind.lane_place(config);
  return lane;
}

void register_child_roles() {
  for (const auto& system : table())
    if (system.register_child_roles != nullptr) system.register_child_roles();
}

std::vector<queue::Prunable> prunables() {
  std::vector<queue::PrunedKind> kinds;
  std::vector<queue::NeededOperations> needed;
  for (const auto* kind : kinds_by_name())
    kinds.push_back({kind->name, kind->records.name.empty()
                                     ? queue::PruneName{kind->name, "operations " + kind->name}
                                     : kind->records});
  for (const auto& system : table())
    if (system.needed_operations != nullptr) needed.push_back(system.needed_operations);
  std::vector all{queue::prunable_operations(std::move(kinds), std::move(needed))};
  for (const auto& system : table())
    all.insert(all.end(), system.prunables.begin(), system.prunables.end());
  for (auto& prunable : webhook::prunables())
    all.push_back(std::move(prunable));
  for (auto& prunable : web::prunables())
    all.push_back(std::move(prunable));
  return all;
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& ids) {
  std::map<std::string, std::string> found;
  for (const auto& system : table())
    if (system.subjects != nullptr) found.merge(system.subjects(connection, ids));
  return found;
}

Handlers::Handlers(const std::optional<std::string>& lane, const queue::HandlerContext& context) {
  for (const auto& system : table()) {
    for (const auto& kind : system.kinds) {
      if ((lane && kind.lane != *lane) || !kind.is_on(context.config)) continue;
      try {
        entries_.push_back({&kind, kind.make_handler(context)});
      } catch (const base::Error& error) {
        base::log::warning("kind of operation not run",
                           {{"kind", kind.name}, {"error", error.text()}, {"hint", error.hint()}});
      }
    }
  }
}

void Handlers::add_to(queue::Runner& runner) {
  for (const auto& [kind, handler] : entries_)
    runner.add_handler(kind->name, *handler);
}

bool Handlers::needs_scratch(std::string_view kind) const {
  return std::ranges::any_of(entries_, [&](const auto& entry) {
    return entry.kind->name == kind && entry.kind->needs_scratch;
  });
}

}  // namespace devy::systems
