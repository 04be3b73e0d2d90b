// The outbox's process is killed at each of its fault points, one after the other, and at random:
// each marker is in the CRM once, with the newest text.
#include <cstdlib>
#include <random>
#include <sstream>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/process/child.hpp"
#include "tests/integration/gists/outbox/outbox_fixture.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::outbox {
namespace killed_outbox_test {

constexpr const char* killed_role = "tell_the_crm_and_die";

int tell_until_it_dies(process::Parent& parent) {
  std::istringstream lines(parent.receive(4096).value());
  std::string fault, conninfo;
  config::Config config;
  std::getline(lines, fault);
  std::getline(lines, conninfo);
  std::getline(lines, config.crm.api_url);
  std::getline(lines, config.crm.token_file);
  std::getline(lines, config.crm.mode);
  config.crm.company = "acme";
  config.crm.requests_per_2s = 1'000'000;
  ::setenv("DEVY_FAULT", (fault + "=kill").c_str(), 1);
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  constexpr int operations_max = 100;
  static_cast<void>(run_lane(conninfo, config, operations_max));
  return 0;
}

const bool is_registered = [] {
  process::register_role(killed_role, tell_until_it_dies);
  return true;
}();

constexpr const char* was_killed = "killed by signal 9 (Killed)";

class KilledOutbox : public OutboxFixture {
 protected:
  void SetUp() override {
    if (!base::has_fault_points) GTEST_SKIP() << "this build has no fault points";
    ASSERT_TRUE(is_registered);
  }
  // How a process ended that does what is due, with that fault.
  [[nodiscard]] std::string run_killed(const std::string& fault) const {
    auto child = process::Child::spawn(killed_role, {});
    EXPECT_TRUE(child.send(fault + "\n" + database_.conninfo() + "\n" + config_.crm.api_url + "\n" +
                           config_.crm.token_file + "\n" + config_.crm.mode + "\n"));
    // It sends nothing: that is its end.
    std::string nothing;
    EXPECT_EQ(child.receive(nothing, 1, testing::time_factor * std::chrono::seconds(60)),
              process::ReadResult::end);
    return child.wait();
  }
};

TEST_F(KilledOutbox, SendsEachVersionOnceWhereverItWasKilled) {
  config_.crm.mode = "deal";
  int gists = 0;
  for (const char* point :
       {"before_crm_request", "after_crm_answer", "before_crm_commit", "after_crm_commit"}) {
    constexpr int passes_max = 20;
    int pass = 1;
    for (; pass < passes_max; ++pass) {
      SCOPED_TRACE(std::string(point) + ":" + std::to_string(pass));
      crm_.control(R"({"do": "clear"})");
      execute("truncate crm_item, gist cascade");
      const auto gist = "g" + std::to_string(++gists);
      store(gist + "/edited.md", "first");
      run();
      crm_.forget_requests();
      execute("delete from crm_item where kind = 'deal'");
      crm_.control(R"({"do": "delete", "kind": "deals", "id": )" + deals()[0]["id"].dump() + "}");
      store(gist + "/edited.md", "second");
      store(gist + "/new.md", "new");
      let_time_pass();
      wake();
      const auto end = run_killed(std::string(point) + ":" + std::to_string(pass));
      if (end == "exit status 0") break;  // there is no such pass
      ASSERT_EQ(end, was_killed);
      run();
      EXPECT_EQ(activities().size(), 2U);
      EXPECT_EQ(deals().size(), 1U);
      // The killed request may be repeated where it was a change.
      EXPECT_EQ(requests("POST"), 2);
      EXPECT_EQ(value("select count(*) from crm_item where state = 'sent'"), "3");
    }
    EXPECT_GE(pass, 4) << point;
    EXPECT_LT(pass, passes_max) << point;
  }
}

// Requests fail at random as well, with and without having been done.
TEST_F(KilledOutbox, SendsAThousandVersionsOnceThroughKillsAndFaults) {
  constexpr int files = 250, versions = 4, kills_a_version = 6;
  std::mt19937 random(20'261'201);  // NOLINT(cert-msc51-cpp): the same each time
  crm_.control(R"({"do": "faults", "chance": 0.01, "seed": 7})");
  constexpr std::array points{"before_crm_request", "after_crm_answer", "before_crm_commit",
                              "after_crm_commit"};
  int killed = 0;
  for (int version = 1; version <= versions; ++version) {
    testing::store_gist_files(database_, files, "text " + std::to_string(version), {"acme"});
    for (int kill = 0; kill < kills_a_version; ++kill) {
      let_time_pass();
      wake();
      const auto pass = std::uniform_int_distribution(1, 40)(random);
      if (run_killed(std::string(points[random() % points.size()]) + ":" + std::to_string(pass)) ==
          was_killed)
        ++killed;
    }
  }
  EXPECT_GE(killed, versions);
  crm_.control(R"({"do": "reset_faults"})");
  run();
  expect_all_sent();
  EXPECT_EQ(states(), std::to_string(files) + " sent");
}

}  // namespace killed_outbox_test
}  // namespace devy::outbox
