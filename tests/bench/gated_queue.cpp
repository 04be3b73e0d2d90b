#include "tests/bench/gated_queue.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

#include "core/platform/base/random.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/gate.hpp"
#include "core/platform/queue/lease.hpp"

namespace devy::bench {
namespace {

constexpr int gated = 20'000, gated_owners = 5, gated_batch = 1'000;

std::string credential(int number) {
  return "credential-" + std::to_string(number % gated_owners);
}

}  // namespace

std::vector<queue::BatchEntry> batch(int from, int count, std::string_view lane) {
  std::vector<queue::BatchEntry> entries(static_cast<std::size_t>(count));
  for (auto& entry : entries) {
    entry.id = queue::OperationId::trusted(base::system_random().uuid());
    entry.kind = "bench";
    entry.resource_kind = "repository";
    entry.resource_key = std::to_string(from++);
    entry.lane = lane;
    entry.event_id = entry.id.text();
    entry.event_at = base::system_clock().now();
    entry.revision = entry.id.text();
  }
  return entries;
}

void make_gated(pg::Connection& session, std::string_view lane, int from) {
  for (int done = 0; done < gated; done += gated_batch) {
    auto entries = batch(from + done, gated_batch, lane);
    for (int number = 0; auto& entry : entries) {
      entry.direction = queue::Direction::outbound;
      entry.owner = credential(number++);
    }
    static_cast<void>(queue::ingest_batch(session, entries, {}));
  }
  for (int number = 0; number < gated_owners; ++number)
    queue::set_gate(session, {.owner = credential(number),
                              .not_before = base::system_clock().now() + std::chrono::hours(1),
                              .reason = "rate limit"});
  session.run_script("analyze", "vacuum analyze operation");
}

std::vector<double> claims_of_newest(pg::Connection& session, std::string_view lane, int count) {
  std::vector<double> took;
  queue::ClaimOptions options;
  options.worker = "bench/1.1/1";
  options.lane = lane;
  options.kinds = std::vector<std::string>{"bench"};
  for (int i = 0; i < count; ++i) {
    static_cast<void>(queue::ingest_batch(session, batch(i, 1, lane), {}));
    const auto sent_at = std::chrono::steady_clock::now();
    const auto lease = queue::claim(session, base::system_clock(), options);
    const std::chrono::duration<double, std::milli> passed =
        std::chrono::steady_clock::now() - sent_at;
    if (!lease) throw std::runtime_error("nothing was claimed");
    took.push_back(passed.count());
    queue::finish(session, *lease, {.revision = "r"});
  }
  return took;
}

}  // namespace devy::bench
