#pragma once
// Keeps what was learnt a while ago, by a name: an entry is good for a fixed time, and the number
// of entries is limited. When it is full, those that are out of date go, and then all. Any thread.

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/platform/base/clock.hpp"

namespace devy::web {

template <class Value>
class ExpiringMap {
 public:
  ExpiringMap(base::Duration life, std::size_t entries_max)
      : life_(life), entries_max_(entries_max) {}

  [[nodiscard]] std::optional<Value> find(const std::string& name, base::MonotonicTime now) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    if (found == entries_.end() || found->second.until <= now) return std::nullopt;
    return found->second.value;
  }
  // `life`: of this entry alone; nothing: as of all.
  void put(const std::string& name, Value value, base::MonotonicTime now,
           std::optional<base::Duration> life = {}) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= entries_max_)
      std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
    if (entries_.size() >= entries_max_) entries_.clear();
    entries_.insert_or_assign(name, Entry{std::move(value), now + life.value_or(life_)});
  }

 private:
  struct Entry {
    Value value;
    base::MonotonicTime until;
  };
  const base::Duration life_;
  const std::size_t entries_max_;
  mutable std::mutex mutex_;  // guards the entries
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace devy::web
