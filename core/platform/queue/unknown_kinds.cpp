#include "core/platform/queue/unknown_kinds.hpp"

#include <utility>

#include "core/platform/base/log.hpp"
#include "core/platform/queue/lease_time.hpp"

namespace devy::queue {
namespace {

constexpr int looked_at_max = 1'000;  // waiting operations in one statement
constexpr std::chrono::hours pass_interval{1};

constexpr pg::Statement end_unknown{"end_unknown_kinds", R"sql(
  select o_last, o_ended
    from operations_end_unknown(
      p_kinds => $1::text[],
      p_due_for => make_interval(secs => $2::double precision),
      p_after => $3::bigint,
      p_limit => $4::integer))sql"};

class EndUnknownKinds final : public MaintenanceTask {
 public:
  EndUnknownKinds(const config::Config& config, std::vector<std::string> kinds)
      : config_(config), kinds_(std::move(kinds)) {}

  bool run(pg::Connection& connection, MaintenanceCounts& counts, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    const auto rows = connection.one(
        end_unknown,
        pg::Params(kinds_, seconds_of(config_.queue.stalled_max), after_, looked_at_max));
    if (const auto ended = rows[0].integer("o_ended"); ended > 0) {
      counts["unknown_kinds"] += ended;
      base::log::warning("operations of unknown kinds ended", {{"count", ended}});
    }
    after_ = rows[0].maybe_integer("o_last").value_or(0);
    if (after_ == 0) next_at_ = now + pass_interval;
    return after_ != 0;
  }

 private:
  const config::Config& config_;
  std::vector<std::string> kinds_;
  std::int64_t after_ = 0;  // the resource where the pass stands
  base::MonotonicTime next_at_{};
};

}  // namespace

Maintenance end_unknown_kinds(std::vector<std::string> kinds) {
  return {
      "end_unknown_kinds", [](const config::Config&) -> std::uint32_t { return 1; },
      [kinds = std::move(kinds)](const config::Config& config) -> std::unique_ptr<MaintenanceTask> {
        return std::make_unique<EndUnknownKinds>(config, kinds);
      }};
}

}  // namespace devy::queue
