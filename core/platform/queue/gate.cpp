#include "core/platform/queue/gate.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::queue {

constexpr pg::Statement set_owner_gate{"set_owner_gate", R"sql(
  select owner_gate_set(
    p_owner => $1::text,
    p_direction => $2::text,
    p_not_before => $3::timestamptz,
    p_reason => $4::text,
    p_is_serial => $5::boolean))sql"};

void set_gate(pg::Connection& connection, const Gate& gate) {
  connection.execute(set_owner_gate, pg::Params(gate.owner, to_string(gate.direction),
                                                base::format_rfc3339(gate.not_before), gate.reason,
                                                gate.is_serial));
}

constexpr pg::Statement lift_owner_gate{"lift_owner_gate", R"sql(
  select owner_gate_lift(p_owner => $1::text, p_direction => $2::text))sql"};

void lift_gate(pg::Connection& connection, std::string_view owner, Direction direction) {
  connection.execute(lift_owner_gate, pg::Params(owner, to_string(direction)));
}

}  // namespace devy::queue
