#include "core/platform/web/pause_target.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/queue/gate.hpp"
#include "core/platform/queue/pause.hpp"

namespace devy::web {
namespace {

constexpr pg::Statement select_queue_pause{"select_queue_pause", R"sql(
  select coalesce(bool_or(paused_until > clock_timestamp()), false) as is_closed
    from queue_control)sql",
                                           true};

constexpr pg::Statement select_resource_pause{"select_resource_pause", R"sql(
  select kind || ' ' || key as name, coalesce(paused_until > clock_timestamp(), false) as is_closed
    from resource where id = $1::bigint)sql",
                                              true};

constexpr pg::Statement select_gate{"select_gate", R"sql(
  select exists (select from owner_gate
                  where owner = $1::text and direction = $2::text
                    and not_before > clock_timestamp()) as is_closed)sql",
                                    true};

// Whoever closes it has to open it: no time does.
constexpr pg::Statement call_gate_close{"close_gate", R"sql(
  select owner_gate_set($1::text, $2::text, 'infinity', $3::text))sql"};

}  // namespace

PauseTarget whole_queue(pg::Connection& connection) {
  PauseTarget target;
  target.is_closed = connection.one(select_queue_pause)[0].boolean("is_closed");
  return target;
}

PauseTarget kind_target(pg::Connection& connection, const std::string& kind) {
  PauseTarget target;
  target.sort = PauseSort::kind;
  target.kind = kind;
  target.name = "kind " + kind;
  target.is_closed = std::ranges::any_of(queue::paused_kinds(connection),
                                         [&](const auto& paused) { return paused.kind == kind; });
  return target;
}

PauseTarget resource_target(pg::Connection& connection, queue::ResourceId resource) {
  const auto found = connection.maybe(select_resource_pause, pg::Params(resource));
  if (!found)
    throw base::Error(base::ErrorKind::not_found, "unable to pause that: it is not there");
  PauseTarget target;
  target.sort = PauseSort::resource;
  target.resource = resource;
  target.name = (*found)[0].text("name");
  target.is_closed = (*found)[0].boolean("is_closed");
  return target;
}

PauseTarget gate_target(pg::Connection& connection, const std::string& owner,
                        queue::Direction direction) {
  PauseTarget target;
  target.sort = PauseSort::gate;
  target.owner = owner;
  target.direction = direction;
  target.name = "gate " + owner + " " + std::string(queue::to_string(direction));
  target.is_closed =
      connection.one(select_gate, pg::Params(owner, queue::to_string(direction)))[0].boolean(
          "is_closed");
  return target;
}

void close(pg::Connection& connection, const PauseTarget& target, const std::string& reason) {
  switch (target.sort) {
    case PauseSort::queue: return queue::pause(connection, std::nullopt, reason);
    case PauseSort::kind: return queue::pause_kind(connection, target.kind, reason);
    case PauseSort::resource: return queue::pause(connection, target.resource, reason);
    case PauseSort::gate:
      connection.execute(call_gate_close,
                         pg::Params(target.owner, queue::to_string(target.direction), reason));
      return;
  }
}

void open(pg::Connection& connection, const PauseTarget& target) {
  switch (target.sort) {
    case PauseSort::queue: return queue::resume(connection, std::nullopt);
    case PauseSort::kind: return queue::resume_kind(connection, target.kind);
    case PauseSort::resource: return queue::resume(connection, target.resource);
    case PauseSort::gate: return queue::lift_gate(connection, target.owner, target.direction);
  }
}

}  // namespace devy::web
