#pragma once
// Gists in a database, the stand-in of Pipedrive, and runs of the outbox in this process.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/gists/outbox/crm_handler.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "tests/support/crm/gist_rows.hpp"
#include "tests/support/crm/pipedrive_state.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::outbox {

using Document = nlohmann::json;

class OutboxFixture : public ::testing::Test {
 protected:
  OutboxFixture();

  [[nodiscard]] std::string value(const std::string& sql) const;
  [[nodiscard]] std::vector<std::string> rows(const std::string& sql) const;
  void execute(const std::string& sql) const;
  // Stores a file, or its next version, as a scan does; returns the item of its activity. Each
  // first word of a name, "a/b.md", is a gist of alice.
  std::string store(const std::string& path, const std::string& text) const;
  // Has an operation wait, if there is work.
  void wake() const;
  // Runs what is due until nothing is, as time passes: no pause lasts, and whoever waits for a
  // second look does not. Returns how many operations ran.
  int run();
  // Runs what is due now, once.
  int run_once();
  void let_time_pass() const;

  // Of the stand-in: those that are not deleted.
  [[nodiscard]] Document activities() const { return entries("activities"); }
  [[nodiscard]] Document deals() const { return entries("deals"); }
  [[nodiscard]] Document entries(const char* kind) const;
  // "POST /api/v2/activities", in order.
  [[nodiscard]] std::vector<std::string> requests() const;
  [[nodiscard]] int requests(const std::string& method) const;
  // Each marker once, each with its file's newest text; and every item is sent.
  void expect_all_sent() const;
  [[nodiscard]] std::string states() const;  // "2 sent, 1 refused"

  // One for all tests; each begins with it empty.
  [[nodiscard]] static devy::testing::PipedriveState& shared_crm();

  devy::testing::TempFolder folder_;
  devy::testing::TestDatabase database_;
  devy::testing::PipedriveState& crm_ = shared_crm();
  config::Config config_;
};

// The runner of the lane, with a transport of its own.
int run_lane(const std::string& conninfo, const config::Config& config, int max);

}  // namespace devy::outbox
