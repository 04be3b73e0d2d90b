// A system that nobody needs, as one would join: a kind of operation, a subscriber, a maintenance
// task and their metrics, and its row in the table. The programs beside the test are devy-upload
// and devy-uploadd as they are, linked with this table instead of core/systems_table.cpp.
#include "core/systems.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/queue/batch.hpp"

namespace devy::sixth {
namespace {

constexpr const char* kind_name = "greeting";

class GreetingHandler final : public queue::Handler {
 public:
  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override {
    attempt.check();
    return queue::AttemptResult{.outcome = queue::Outcome::completed};
  }
};

// Every push is greeted: an operation on the repository that it names.
class GreetingSubscriber final : public webhook::Subscriber {
 public:
  std::vector<webhook::Opinion> consider(pg::Connection&, const config::Config&,
                                         std::span<const webhook::Received> deliveries,
                                         bool) const override {
    std::vector<webhook::Opinion> opinions(deliveries.size());
    for (std::size_t i = 0; i < deliveries.size(); ++i)
      opinions[i].is_accepted = is_greeted(deliveries[i].event);
    return opinions;
  }
  webhook::Operations record(pg::Connection& connection, const config::Config&,
                             std::span<const webhook::Received> deliveries) const override {
    webhook::Operations recorded(deliveries.size());
    std::vector<queue::BatchEntry> entries;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
      const auto& [guid, event, scope] = deliveries[i];
      if (!is_greeted(event)) continue;
      queue::BatchEntry entry{.id = base::OperationId::trusted(base::system_random().uuid()),
                              .kind = kind_name,
                              .resource_kind = "greeted",
                              .resource_key = std::to_string(event.repository->github_id)};
      entry.owner = event.repository->owner;
      entry.event_id = guid;
      entries.push_back(std::move(entry));
      places.push_back(i);
    }
    const auto answers = queue::ingest_batch(connection, entries, {});
    for (std::size_t i = 0; i < answers.size(); ++i)
      recorded[places[i]].push_back(answers[i].ingested.value().id);
    return recorded;
  }

 private:
  static bool is_greeted(const webhook::Event& event) {
    return event.repository && std::holds_alternative<webhook::Push>(event.what);
  }
};

class LookAround final : public queue::MaintenanceTask {
 public:
  bool run(pg::Connection&, queue::MaintenanceCounts& counts, const std::stop_token&) override {
    if (has_looked_) return false;
    has_looked_ = true;
    ++counts["looks"];
    return true;
  }

 private:
  bool has_looked_ = false;
};

class GreetingMetrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection&, const queue::FinishedSpan&) override { ++measurements_; }
  void write(base::MetricsText& text) const override {
    text.family("devy_greeting_measured", "gauge", "Whether greetings were measured.");
    text.sample(measurements_ > 0 ? 1 : 0);
  }
  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    const auto looks = counts.find("looks");
    text.family("devy_greeting_looks_total", "counter", "Looks around of this daemon.");
    text.sample(looks == counts.end() ? 0 : static_cast<double>(looks->second));
  }

 private:
  int measurements_ = 0;
};

constexpr pg::Statement keys_of_greeted{"keys_of_greeted", R"sql(
  select o.id, r.key from operation o join resource r on r.id = o.resource_id
   where o.id = any($1::uuid[]) and r.kind = 'greeted')sql"};

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& ids) {
  std::map<std::string, std::string> found;
  for (const auto row : connection.query(keys_of_greeted, pg::Params(ids)))
    found.emplace(row.text("id"), "repository " + std::string(row.text("key")));
  return found;
}

systems::System system() {
  static const GreetingSubscriber subscriber;
  systems::System system;
  system.name = "sixth";
  queue::Kind kind;
  kind.name = kind_name;
  kind.make_handler = [](const queue::HandlerContext&) {
    return std::make_unique<GreetingHandler>();
  };
  kind.limits = [](const config::Config&) { return queue::KindLimits{}; };
  system.kinds = {kind};
  system.subscriber = &subscriber;
  system.maintenance = {
      {.name = "look around",
       .threads = [](const config::Config&) { return 1U; },
       .make = [](const config::Config&) { return std::make_unique<LookAround>(); }}};
  system.make_metrics = []() -> std::unique_ptr<queue::SystemMetrics> {
    return std::make_unique<GreetingMetrics>();
  };
  system.subjects = subjects;
  return system;
}

}  // namespace
}  // namespace devy::sixth

namespace devy::systems {

const std::vector<System>& table() {
  static const std::vector<System> systems{sixth::system()};
  return systems;
}

}  // namespace devy::systems
