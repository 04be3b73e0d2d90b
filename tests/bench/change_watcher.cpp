#include "tests/bench/change_watcher.hpp"

#include <poll.h>

#include <cstdio>
#include <exception>

#include "core/platform/pg/connection.hpp"

namespace devy::bench {
namespace {

constexpr int look_every_ms = 2;

// Transactions below a snapshot's xmin have ended, and this reader has seen theirs: it goes on with
// those that are as new as the last snapshot's xmin.
constexpr pg::Statement select_new_changes{"select_new_changes", R"sql(
  select s.xmin::text as xmin, c.delivery_guid::text as guid
    from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) s
    left join github.change c
      on c.txid >= $1::text::xid8 and c.relation = 'issue' and c.delivery_guid is not null)sql",
                                           true};
constexpr pg::Statement select_xmin{"select_xmin", R"sql(
  select pg_snapshot_xmin(pg_current_snapshot())::text as xmin)sql"};

}  // namespace

ChangeWatcher::ChangeWatcher(const std::string& conninfo)
    : thread_([this, conninfo](const std::stop_token& stop) {
        try {
          watch(conninfo, stop);
        } catch (const std::exception& error) {
          std::fprintf(stderr, "unable to watch changes: %s\n", error.what());
        }
      }) {}

void ChangeWatcher::watch(const std::string& conninfo, const std::stop_token& stop) {
  auto connection = pg::Connection::open(conninfo, {}, "watcher");
  // The table has few rows at first, and a look must stay cheap when it has many.
  connection.run_script("by_index", "set enable_seqscan = off");
  auto xmin = connection.one(select_xmin)[0].text("xmin");
  while (!stop.stop_requested()) {
    const auto rows = connection.query(select_new_changes, pg::Params(xmin));
    const auto now = base::system_clock().now();
    {
      const std::scoped_lock lock(mutex_);
      for (const auto row : rows)
        if (!row.is_null("guid")) seen_.emplace(row.text("guid"), now);
    }
    xmin = rows[0].text("xmin");
    ::poll(nullptr, 0, look_every_ms);
  }
}

std::size_t ChangeWatcher::count() const {
  const std::scoped_lock lock(mutex_);
  return seen_.size();
}

std::map<std::string, base::TimePoint> ChangeWatcher::seen() {
  thread_.request_stop();
  thread_.join();
  return seen_;
}

}  // namespace devy::bench
