#include "daemon/supervisor/worker_counters.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::daemon {
namespace {

bool is_name(std::string_view text) {
  constexpr std::size_t name_bytes_max = 64;
  return text.size() <= name_bytes_max && std::ranges::all_of(text, [](char c) {
           return base::is_lower_letter(c) || base::is_digit(c) || c == '_' || c == '.';
         });
}

}  // namespace

void WorkerCounters::add(std::string_view what, std::string_view name, std::int64_t count) {
  std::string key(what);
  if (!name.empty()) key.append(".").append(is_name(name) ? name : "other");
  if (counts_.size() < counter_names_max || counts_.contains(key)) counts_[key] += count;
}

void WorkerCounters::add_step(std::string_view step, std::chrono::milliseconds time) {
  if (step.empty()) return;
  add("step_ms", step, time.count());
  add("steps", step);
}

void WorkerCounters::write(Report& report) const {
  for (const auto& [key, count] : counts_)
    report.fields[key] = std::to_string(count);
}

}  // namespace devy::daemon
