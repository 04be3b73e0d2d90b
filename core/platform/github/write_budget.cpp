#include "core/platform/github/write_budget.hpp"

#include <algorithm>

namespace devy::github {
namespace {

constexpr pg::Statement call_take{"api_take", R"sql(
  select coalesce(ceil(extract(epoch from n.after - clock_timestamp()) * 1000), -1)::bigint as left_ms
  from (select api_take($1::text, $2::smallint, $3::boolean, $4::integer, $5::integer, $6::integer,
                        $7::bigint * interval '1 millisecond') as after) n)sql",
                                  true};

constexpr pg::Statement call_slow{"api_slow", R"sql(select api_slow($1::text))sql"};

constexpr int points_of_reading = 1, points_of_write = 5;

}  // namespace

std::optional<std::chrono::milliseconds> charge_write(pg::Connection& connection,
                                                      const std::string& credential, Weight weight,
                                                      const WriteLimits& limits) {
  const auto left =
      connection
          .one(call_take,
               pg::Params(credential,
                          weight == Weight::reading ? points_of_reading : points_of_write,
                          weight == Weight::content, limits.writes_per_minute,
                          limits.content_per_hour, limits.points_per_minute, limits.gap.count()))[0]
          .integer("left_ms");
  if (left < 0) return std::nullopt;
  return std::chrono::milliseconds(std::max<std::int64_t>(left, 1));
}

void slow_down(pg::Connection& connection, const std::string& credential) {
  connection.execute(call_slow, pg::Params(credential));
}

}  // namespace devy::github
