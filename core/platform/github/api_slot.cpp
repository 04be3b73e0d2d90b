#include "core/platform/github/api_slot.hpp"

#include <chrono>

#include "core/platform/base/error.hpp"

namespace devy::github {
namespace {

// Longer than an operation's turn and its last request take.
constexpr std::chrono::seconds held_max{300};

constexpr pg::Statement call_slot_take{"api_slot_take", R"sql(
  select api_slot_take($1::text, $2::integer, $3::integer * interval '1 second') as slot)sql",
                                       true};

constexpr pg::Statement update_slot{"give_api_slot_back", R"sql(
  update api_slot set held_until = '-infinity' where slot = $1::integer and credential = $2::text)sql",
                                    true};

}  // namespace

ApiSlot::ApiSlot(pg::Connection& connection, const std::string& credential, int slots)
    : connection_(connection), credential_(credential) {
  const auto taken = connection.one(call_slot_take, pg::Params(credential, slots, held_max.count()));
  if (const auto slot = taken[0].maybe_integer("slot")) slot_ = static_cast<int>(*slot);
}

ApiSlot::~ApiSlot() {
  if (!is_held() || !connection_.is_usable() || connection_.in_transaction()) return;
  try {
    connection_.execute(update_slot, pg::Params(slot_, credential_));
  } catch (const base::Error&) {
    // It is free by itself after a while.
  }
}

}  // namespace devy::github
