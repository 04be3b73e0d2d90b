#include "core/platform/queue/statistics.hpp"

#include <charconv>
#include <cmath>

namespace devy::queue {
namespace {

// Between the questions whether a minute is over; any daemon may count.
constexpr std::chrono::seconds minute_look_interval{10};
// Longer than a publish may take from the end it notes to its commit.
constexpr std::chrono::seconds settle{60};
// A daemon that was away catches up in steps.
constexpr int minutes_max = 120;
constexpr int spans_max = 400;

constexpr pg::Statement count_statement{"operation_minutes_count", R"sql(
  select operation_minutes_count(
           p_settle => make_interval(secs => $1::double precision),
           p_minutes_max => $2::integer) as has_counted)sql"};

constexpr pg::Statement select_spans{"operation_spans", R"sql(
  select s.begins_at,
         coalesce(sum(m.count) filter (where m.state = 'completed'), 0)::bigint as completed,
         coalesce(sum(m.count) filter (where m.state = 'failed'), 0)::bigint as failed,
         coalesce(sum(m.count) filter (where m.state not in ('completed', 'failed')), 0)::bigint
           as others,
         array(select coalesce(sum(h.n), 0)
                 from operation_minute w,
                      unnest(w.wait_hist) with ordinality as h (n, place)
                where w.minute >= s.begins_at and w.minute < s.begins_at + $1::interval
                  and w.state = 'completed'
                  and ($3::text is null or w.kind = $3::text)
                group by h.place order by h.place)::text[] as wait
    from (select date_bin($1::interval, clock_timestamp(), timestamptz '2000-01-01 00:00Z')
                   - n * $1::interval as begins_at
            from generate_series(0, $2::integer - 1) n) s
         left join operation_minute m
           on m.minute >= s.begins_at and m.minute < s.begins_at + $1::interval
              and ($3::text is null or m.kind = $3::text)
   group by s.begins_at
   order by s.begins_at)sql"};

class CountMinutes final : public MaintenanceTask {
 public:
  bool run(pg::Connection& connection, MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < look_at_) return false;
    look_at_ = now + minute_look_interval;
    return connection
        .one(count_statement, pg::Params(static_cast<double>(settle.count()), minutes_max))[0]
        .boolean("has_counted");
  }

 private:
  base::MonotonicTime look_at_{};
};

const char* interval_of(SpanLength length) {
  switch (length) {
    case SpanLength::minute: return "1 minute";
    case SpanLength::quarter_hour: return "15 minutes";
    case SpanLength::hour: return "1 hour";
    case SpanLength::day: return "1 day";
  }
  return "1 hour";
}

}  // namespace

Maintenance count_minutes() {
  return {"count_minutes", [](const config::Config&) { return 1U; },
          [](const config::Config&) { return std::make_unique<CountMinutes>(); }};
}

std::optional<double> quantile_ms(const Histogram& histogram, double share) {
  double all = 0;
  for (const auto count : histogram)
    all += static_cast<double>(count);
  if (all == 0) return std::nullopt;
  double before = 0;
  for (std::size_t place = 0; place < histogram.size(); ++place) {
    const auto count = static_cast<double>(histogram[place]);
    if (count == 0 || before + count < share * all) {
      before += count;
      continue;
    }
    const double low = place == 0 ? 0 : std::exp2(static_cast<double>(place) - 1);
    const double high = std::exp2(static_cast<double>(place));
    return low + (high - low) * (share * all - before) / count;
  }
  return std::exp2(static_cast<double>(histogram.size()) - 1);
}

std::vector<Span> read_spans(pg::Connection& connection, SpanLength length, int spans,
                             const std::optional<std::string>& kind) {
  std::vector<Span> read;
  for (const auto row : connection.query(
           select_spans, pg::Params(interval_of(length), std::min(spans, spans_max), kind))) {
    Span span;
    span.begins_at = row.time("begins_at");
    span.completed = row.integer("completed");
    span.failed = row.integer("failed");
    span.others = row.integer("others");
    const auto counts = row.texts("wait");
    for (std::size_t n = 0; n < counts.size() && n < span.wait.size(); ++n)
      std::from_chars(counts[n].data(), counts[n].data() + counts[n].size(), span.wait[n]);
    read.push_back(span);
  }
  return read;
}

}  // namespace devy::queue
