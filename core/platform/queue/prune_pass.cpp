#include "core/platform/queue/prune_pass.hpp"

#include <algorithm>
#include <utility>

#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/queue/lease_time.hpp"

namespace devy::queue {
namespace {

using std::chrono::milliseconds;

constexpr int rows_min = 10;
constexpr int rows_max = 1'000;
constexpr milliseconds batch_time_max{200};
constexpr milliseconds batch_time_small{50};
// Rows that only others kept from being deleted go in the next pass; chains of them are short.
constexpr int passes_max = 10;
constexpr milliseconds look_interval{1'000};  // of a daemon, when no pass is due
constexpr milliseconds rest_max{1'000};       // between two batches

constexpr pg::Statement make_passes{"make_passes", R"sql(
  insert into prune_pass (name)
  select name from unnest($1::text[]) as n (name)
  on conflict (name) do nothing)sql"};

constexpr pg::Statement lock_due_pass{"lock_due_pass", R"sql(
  select name, position
    from prune_pass
   where name = any ($1::text[])
     and due_at <= clock_timestamp()
   order by due_at, name
   limit 1
     for update skip locked)sql"};

// now() is when the batch's transaction began.
constexpr pg::Statement note_batch{"note_batch", R"sql(
  update prune_pass
     set position = case when $3::boolean then '' else $2::text end,
         pruned = case when begun_at is null then 0 else pruned end + $4::bigint,
         begun_at = case when not $3::boolean then coalesce(begun_at, now()) end,
         covered_at = case when $3::boolean then coalesce(begun_at, now()) else covered_at end,
         due_at = case when $3::boolean
                    then clock_timestamp() + make_interval(secs => $5::double precision)
                    else due_at end
   where name = $1::text
  returning pruned)sql"};

constexpr pg::Statement note_pass{"note_pass", R"sql(
  insert into prune_pass as p (name, covered_at)
  values ($1::text, clock_timestamp() - make_interval(secs => $2::double precision))
  on conflict (name) do update set covered_at = greatest(p.covered_at, excluded.covered_at))sql"};

constexpr pg::Statement select_behind{"select_behind", R"sql(
  select n.name,
         extract(epoch from clock_timestamp() -
                 coalesce(p.covered_at, (select min(applied_at) from schema_version)))::float8
           as behind
    from unnest($1::text[]) as n (name)
    left join prune_pass p on p.name = n.name)sql"};

std::int64_t sum_of(const PruneCounts& counts) {
  std::int64_t sum = 0;
  for (const auto& [name, count] : counts)
    sum += count;
  return sum;
}

// One pass from its beginning to its end. Returns how many rows were blocked.
std::int64_t run_pass(pg::Connection& connection, const Prunable& prunable,
                      base::Duration older_than, const base::Clock& clock, PruneCounts& counts,
                      const std::function<void(const PruneCounts&)>& on_batch) {
  std::int64_t blocked = 0;
  BatchSize size;
  PruneBatch batch;
  do {
    const auto begun_at = clock.monotonic_now();
    pg::Transaction transaction(connection);
    batch = prunable.prune(connection, {older_than, batch.position, size.rows()});
    transaction.commit();
    size.note(clock.monotonic_now() - begun_at);
    blocked += batch.blocked;
    for (const auto& [name, count] : batch.pruned)
      counts[name] += count;
    on_batch(counts);
  } while (!batch.is_last);
  return blocked;
}

class Prune final : public MaintenanceTask {
 public:
  Prune(const config::Config& config, std::vector<Prunable> prunables)
      : config_(config), prunables_(std::move(prunables)) {
    for (const auto& prunable : prunables_)
      names_.push_back(prunable.name);
  }

  bool run(pg::Connection& connection, MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    const auto begun_at = base::system_clock().monotonic_now();
    if (begun_at < look_at_) return false;
    if (!are_passes_made_) connection.execute(make_passes, pg::Params(names_));
    are_passes_made_ = true;
    if (!run_batch(connection, counts)) {
      look_at_ = begun_at + look_interval;
      return false;
    }
    // Whoever works beside it gets at least as much of the database.
    const auto took =
        std::chrono::ceil<milliseconds>(base::system_clock().monotonic_now() - begun_at);
    base::pause_for(stop, std::min(took, rest_max));
    return true;
  }

 private:
  bool run_batch(pg::Connection& connection, MaintenanceCounts& counts) {
    const auto begun_at = base::system_clock().monotonic_now();
    pg::Transaction transaction(connection);
    const auto due = connection.maybe(lock_due_pass, pg::Params(names_));
    if (!due) return false;
    const auto name = (*due)[0].text("name");
    const auto& prunable = *std::ranges::find(prunables_, name, &Prunable::name);
    auto& size = sizes_[name];
    const auto batch = prunable.prune(
        connection, {ages_of(config_).*prunable.age, (*due)[0].text("position"), size.rows()});
    const auto pruned = sum_of(batch.pruned);
    const auto noted = connection.one(
        note_batch,
        pg::Params(name, batch.position, batch.is_last, pruned, seconds_of(config_.prune.every)));
    transaction.commit();
    size.note(base::system_clock().monotonic_now() - begun_at);
    counts["pruned"] += pruned;
    if (const auto all = noted[0].integer("pruned"); batch.is_last && all > 0)
      base::log::info("old records deleted", {{"rows", name}, {"count", all}});
    return true;
  }

  const config::Config& config_;
  std::vector<Prunable> prunables_;
  std::vector<std::string> names_;
  std::map<std::string, BatchSize> sizes_;
  bool are_passes_made_ = false;
  base::MonotonicTime look_at_{};
};

}  // namespace

PruneAges ages_of(const config::Config& config) {
  return {config.prune.older_than, config.prune.bodies_older_than, config.mirror.change_keep};
}

void BatchSize::note(std::chrono::nanoseconds took) {
  if (took > batch_time_max) rows_ = std::max(rows_ / 2, rows_min);
  else if (took < batch_time_small) rows_ = std::min(rows_ * 2, rows_max);
}

PruneCounts prune_all(pg::Connection& connection, const Prunable& prunable, const PruneAges& ages,
                      const PruneAges& configured, const base::Clock& clock,
                      const std::function<void(const PruneCounts&)>& on_batch) {
  const auto begun_at = clock.monotonic_now();
  const auto older_than = ages.*prunable.age;
  PruneCounts counts;
  for (int pass = 0; pass < passes_max; ++pass) {
    const auto before = sum_of(counts);
    const auto blocked = run_pass(connection, prunable, older_than, clock, counts, on_batch);
    if (blocked == 0 || sum_of(counts) == before) break;
  }
  note_whole_pass(connection, prunable, ages, configured,
                  std::chrono::ceil<milliseconds>(clock.monotonic_now() - begun_at));
  return counts;
}

void note_whole_pass(pg::Connection& connection, const Prunable& prunable, const PruneAges& ages,
                     const PruneAges& configured, milliseconds took) {
  if (ages.*prunable.age <= configured.*prunable.age)
    connection.execute(note_pass, pg::Params(prunable.name, seconds_of(took)));
}

Maintenance prune_maintenance(std::vector<Prunable> prunables) {
  return {"prune",
          [](const config::Config& config) -> std::uint32_t {
            return config.prune.every.count() > 0 ? 1 : 0;
          },
          [prunables = std::move(prunables)](
              const config::Config& config) -> std::unique_ptr<MaintenanceTask> {
            return std::make_unique<Prune>(config, prunables);
          }};
}

std::map<std::string, double> prune_behind(pg::Connection& connection,
                                           const std::vector<std::string>& names) {
  std::map<std::string, double> behind;
  for (const auto row : connection.query(select_behind, pg::Params(names)))
    behind[row.text("name")] = row.real("behind");
  return behind;
}

}  // namespace devy::queue
