#include "core/platform/queue/backlog.hpp"

#include "core/platform/base/clock.hpp"
#include "core/platform/queue/health.hpp"

namespace devy::queue {
namespace {

// Between the questions whether it is time; any daemon may count.
constexpr std::chrono::seconds look_interval{5};

constexpr pg::Statement count_open_backlog{"count_open_backlog", R"sql(
  select operation_count_open(
           p_counted_max => $1::integer,
           p_interval => make_interval(secs => $2::double precision)) as has_counted)sql"};

class CountBacklog final : public MaintenanceTask {
 public:
  bool run(pg::Connection& connection, MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < look_at_) return false;
    look_at_ = now + look_interval;
    return connection
        .one(count_open_backlog,
             pg::Params(open_counted_max, static_cast<double>(backlog_counted_every.count())))[0]
        .boolean("has_counted");
  }

 private:
  base::MonotonicTime look_at_{};
};

}  // namespace

Maintenance count_backlog() {
  return {"count_backlog", [](const config::Config&) { return 1U; },
          [](const config::Config&) { return std::make_unique<CountBacklog>(); }};
}

}  // namespace devy::queue
