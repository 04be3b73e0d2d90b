// Ten thousand orders in which the deliveries and the pages of random histories may come: no row
// goes back in time meanwhile, and when GitHub was read at rest all rows are GitHub's. A failure
// prints its seed; DEVY_SEED=<number> tries that history alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <thread>

#include "tests/integration/mirror/mirror_copies.hpp"
#include "tests/support/process/program.hpp"

namespace devy::mirror {
namespace interleavings_test {

constexpr int histories = 20, orders_each = 500;
constexpr int threads_max = 2;
// Of a history's documents, so many percent come in an order, and so many come twice.
constexpr unsigned come_percent = 90, doubled_percent = 15;

using Order = std::vector<std::size_t>;  // places of documents, as they come

Order order_of(const History& history, std::minstd_rand& random) {
  Order order;
  for (std::size_t place = 0; place < history.told.size(); ++place) {
    if (random() % 100 < come_percent) order.push_back(place);
    if (random() % 100 < doubled_percent) order.push_back(place);
  }
  std::ranges::shuffle(order, random);
  return order;
}

Order any_order_of(const std::vector<Told>& told, std::minstd_rand& random) {
  Order order;
  for (std::size_t place = 0; place < told.size(); ++place)
    order.push_back(place);
  std::ranges::shuffle(order, random);
  return order;
}

// A database and a stand-in for GitHub; one thread.
class Trial {
 public:
  Trial() : copies_(database_) {
    github_.control(R"([{"do": "clock", "set": "2026-03-01T12:00:00Z"},
      {"do": "create_user", "login": "reader"},
      {"do": "token", "token": "reader", "user": "reader", "scopes": ["repo"]},
      {"do": "limit", "token": "reader", "limit": 1000000, "remaining": 1000000}])");
  }

  // Returns what is wrong; "" for nothing.
  std::string try_history(unsigned seed) {
    HistoryOptions options;
    options.repository = "alice/history-" + std::to_string(seed);
    options.seed = seed;
    options.is_of_app = seed % 3 == 0;
    options.skew = std::chrono::milliseconds((static_cast<int>(seed % 7) - 3) * 700);
    const auto history = record_history(github_, options);
    documents_ += history.told.size();
    std::minstd_rand random(seed);
    std::vector<Order> orders, lists;
    for (int order = 0; order < orders_each; ++order) {
      orders.push_back(order_of(history, random));
      lists.push_back(any_order_of(history.lists, random));
    }
    copies_.clear();
    tell(history.told, orders);
    tell(history.lists, lists);
    // Copy 0 is told only what GitHub says at rest.
    const std::vector<int> only_the_rest{0};
    for (const auto* rest : {&history.lists, &history.issues, &history.pulls})
      for (const auto& told : *rest)
        copies_.tell(told, only_the_rest);
    copies_.sweep(history, orders_each);
    auto wrong = differences_from_github(history.repository);
    for (const auto& difference : copies_.differences(orders_each)) {
      wrong += difference + "\n";
      for (const auto place : orders[std::stoul(difference.substr(difference.find(' '))) - 1])
        wrong += "    " + history.told[place].words + "\n";
    }
    return wrong;
  }
  [[nodiscard]] std::size_t documents() const { return documents_; }

 private:
  // Tells each copy the documents in its order; those that come to several copies next, at once.
  void tell(const std::vector<Told>& told, const std::vector<Order>& orders) {
    for (std::size_t step = 0;; ++step) {
      std::map<std::size_t, std::vector<int>> copies;
      for (std::size_t order = 0; order < orders.size(); ++order)
        if (step < orders[order].size())
          copies[orders[order][step]].push_back(static_cast<int>(order) + 1);
      if (copies.empty()) return;
      for (const auto& [place, those] : copies)
        copies_.tell(told[place], those);
    }
  }

  [[nodiscard]] std::string differences_from_github(const std::string& repository) const {
    testing::ProgramCall call;
    call.program = "/usr/bin/python3";
    call.arguments = {DEVY_ORACLE_FOLDER "/mirror_oracle.py",
                      "--state",
                      github_.url(),
                      "--db",
                      database_.conninfo(),
                      "--repository",
                      repository};
    const auto result = testing::run_program(call);
    return result.status == 0 ? "" : "not as GitHub: " + result.out + result.err;
  }

  testing::TestDatabase database_;
  testing::GithubState github_;
  MirrorCopies copies_;
  std::size_t documents_ = 0;
};

TEST(OrderOfDocuments, ChangesNoRowAtRest) {
  std::vector<unsigned> seeds;
  if (const char* own = std::getenv("DEVY_SEED"))
    seeds.push_back(static_cast<unsigned>(std::strtoul(own, nullptr, 10)));
  for (unsigned seed = 1; seeds.size() < histories && std::getenv("DEVY_SEED") == nullptr; ++seed)
    seeds.push_back(seed);
  std::vector<std::string> wrong(seeds.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::unique_ptr<Trial>> trials;
  for (int thread = 0; thread < threads_max; ++thread)
    trials.push_back(std::make_unique<Trial>());
  {
    std::vector<std::jthread> threads;
    for (const auto& trial : trials) {
      threads.emplace_back([&, &own = *trial] {
        for (std::size_t place = next++; place < seeds.size(); place = next++) {
          try {
            wrong[place] = own.try_history(seeds[place]);
          } catch (const std::exception& error) {
            wrong[place] = error.what();
          }
        }
      });
    }
  }
  for (std::size_t place = 0; place < seeds.size(); ++place)
    EXPECT_EQ(wrong[place], "") << "DEVY_SEED=" << seeds[place];
  // A few documents each, or nothing was tried.
  std::size_t documents = 0;
  for (const auto& trial : trials)
    documents += trial->documents();
  EXPECT_GE(documents, seeds.size() * 5);
}

}  // namespace interleavings_test
}  // namespace devy::mirror
