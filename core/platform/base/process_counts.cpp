#include "core/platform/base/process_counts.hpp"

#include <mutex>
#include <utility>

namespace devy::base {
namespace {

struct ProcessCounts {
  std::mutex mutex;
  std::map<std::string, std::int64_t> counts;  // guarded by mutex
};

ProcessCounts& process_counts() {
  static ProcessCounts counts;
  return counts;
}

}  // namespace

void count(const std::string& name, std::int64_t by) {
  auto& [mutex, counts] = process_counts();
  const std::scoped_lock lock(mutex);
  if (counts.size() < process_counts_max || counts.contains(name)) counts[name] += by;
}

std::map<std::string, std::int64_t> reset_counts() {
  auto& [mutex, counts] = process_counts();
  const std::scoped_lock lock(mutex);
  return std::exchange(counts, {});
}

}  // namespace devy::base
