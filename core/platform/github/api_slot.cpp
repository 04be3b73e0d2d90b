#include "core/platform/github/api_slot.hpp"

#include <chrono>

#include "core/platform/base/error.hpp"

namespace devy::github {
namespace {

// Longer than an operation's turn and its last request take.
constexpr std::chrono::seconds held_max{300};

// A slot that a crash of the server forgets is one request more at once: neither statement waits
// for the disk.
constexpr pg::Statement call_slot_take{"api_slot_take", R"sql(
  select o_slot, o_held_until::text as held_until, set_config('synchronous_commit', 'off', true)
  from api_slot_take($1::text, $2::integer, $3::integer * interval '1 second'))sql",
                                       true};

// Unless it was held too long, and is another's since.
constexpr pg::Statement update_slot{"give_api_slot_back", R"sql(
  with given_back as (
    update api_slot set held_until = '-infinity'
    where slot = $1::integer and held_until = $2::timestamptz)
  select set_config('synchronous_commit', 'off', true))sql",
                                    true};

}  // namespace

ApiSlot::ApiSlot(pg::Connection& connection, const std::string& credential, int slots)
    : connection_(connection) {
  const auto taken =
      connection.one(call_slot_take, pg::Params(credential, slots, held_max.count()));
  const auto slot = taken[0].maybe_integer("o_slot");
  if (!slot) return;
  slot_ = static_cast<int>(*slot);
  held_until_ = taken[0].text("held_until");
}

ApiSlot::~ApiSlot() {
  if (!is_held() || !connection_.is_usable() || connection_.in_transaction()) return;
  try {
    connection_.execute(update_slot, pg::Params(slot_, held_until_));
  } catch (const base::Error&) {
    // It is free by itself after a while.
  }
}

}  // namespace devy::github
