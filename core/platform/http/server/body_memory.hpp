#pragma once
// Accounts for the memory of request bodies, and of whom they come: all bodies together have a
// limit, and each sender has a share of it, so that one sender does not keep the others out. Where
// there is no room, it says who gives way. It knows numbers and times only.
//
// A body is reserved for as its bytes arrive and not as they are announced: an announcement costs
// its sender nothing. Belongs to the server's event loop; one thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/platform/base/clock.hpp"

namespace devy::server {

class BodyMemory {
 public:
  struct Limits {
    std::uint64_t bytes_max;         // all bodies together
    std::uint64_t sender_bytes_max;  // those of one sender
  };
  explicit BodyMemory(Limits limits) : limits_(limits) {}

  enum class Answer { granted, sender_full, full };
  // An empty sender is an unknown one, which has no share of its own.
  [[nodiscard]] Answer reserve(const std::string& sender, std::uint64_t bytes);
  void release(const std::string& sender, std::uint64_t bytes);

 private:
  const Limits limits_;
  std::uint64_t reserved_ = 0;
  // Only senders that hold memory are in it, so the connections limit its size.
  std::unordered_map<std::string, std::uint64_t> senders_;
};

// A connection whose body holds memory.
struct BodyHolder {
  std::uint64_t name = 0;
  base::MonotonicTime begun_at{};
  // The time since which it has been reading what was last reserved: a client that sends nothing,
  // or little, has been at that for long.
  base::MonotonicTime step_begun_at{};
  bool is_reading = false;  // false: complete, and in the hands of a handler
  bool is_waiting = false;  // it reads no further, because it waits for memory itself
};

// A body that takes longer for one step of memory gives way when another needs it.
inline constexpr std::chrono::milliseconds slow_step{500};

// Decides what a body does that finds no room, when all that hold what it wants were considered.
// The one that has been at its step for longest gives way, if that is long. As long as others are
// answered or read briskly, room will come and it waits. When all wait for each other, the one that
// began last has to go.
class ShortOfMemory {
 public:
  struct Asking {
    std::uint64_t name;
    base::MonotonicTime begun_at;
  };
  ShortOfMemory(Asking asking, base::MonotonicTime now)
      : now_(now), last_{asking.name, asking.begun_at}, asking_(asking.name) {}

  void consider(const BodyHolder& rival);

  enum class Way { wait, refuse, end_slowest, end_last };
  struct Decision {
    Way way;
    std::uint64_t name = 0;  // of the connection to end
  };
  [[nodiscard]] Decision decide() const;

 private:
  const base::MonotonicTime now_;
  BodyHolder last_;  // among those that wait
  const std::uint64_t asking_;
  std::optional<BodyHolder> slowest_;
  bool is_room_coming_ = false;
};

}  // namespace devy::server
