#include "daemon/supervisor/report.hpp"

#include <gtest/gtest.h>

#include "daemon/settings.hpp"
#include "daemon/supervisor/supervisor_link.hpp"
#include "daemon/supervisor/worker_counters.hpp"

namespace devy::daemon {
namespace report_test {

TEST(Report, PassesAnyContentUnchanged) {
  const Report report{"progress",
                      {{"step", "fetch"}, {"done", "12"}, {"odd", std::string("\0\n=", 3)}}};
  const auto there = read_report(to_frame(report));
  ASSERT_TRUE(there);
  EXPECT_EQ(there->name, report.name);
  EXPECT_EQ(there->fields, report.fields);
  EXPECT_EQ(there->number("done"), 12);
  EXPECT_EQ(there->number("step"), 0);
  EXPECT_EQ(there->text("missing"), "");
}

TEST(Report, IsInvalidWhenAnythingIsMissingOrTooMuch) {
  const auto frame = to_frame({"claimed", {{"operation", "x"}}});
  for (std::size_t length = 0; length < frame.size(); ++length)
    EXPECT_FALSE(read_report(std::string_view(frame).substr(0, length))) << length;
  EXPECT_FALSE(read_report(frame + "x"));
  Report large{"numbers"};
  for (std::size_t n = 0; n <= report_fields_max; ++n)
    large.fields["f" + std::to_string(n)] = "1";
  EXPECT_FALSE(read_report(to_frame(large)));
}

TEST(ChildSetup, HoldsOnlyTheConninfoOfItsChild) {
  Settings settings;
  settings.conninfo = "host='all'";
  settings.config.database.conninfo = "host=all";
  settings.config.database.listener_conninfo = "host=listener password=x";
  settings.config.database.worker_conninfo = "host=worker password=y";
  const auto listener = child_setup(settings, "listener");
  EXPECT_EQ(listener.conninfo, "host='listener' password='x'");
  const auto text = to_report(listener).text("config");
  EXPECT_EQ(text.find("host="), std::string::npos);
  EXPECT_EQ(text.find("password"), std::string::npos);
  EXPECT_EQ(child_setup(settings, "worker").conninfo, "host='worker' password='y'");
  EXPECT_EQ(child_setup(settings, "maintenance").conninfo, "host='worker' password='y'");
  EXPECT_EQ(child_setup(settings, "admin").conninfo, "host='all'");
}

TEST(WorkerCounters, AcceptsOnlyOurNamesAsLabels) {
  WorkerCounters counters;
  counters.add("exits", "crashed");
  counters.add("exits", "crashed");
  counters.add("attempts", "com\"pleted");
  counters.add("rescued");
  counters.add_step("fetch", std::chrono::milliseconds(1500));
  counters.add_step("", std::chrono::milliseconds(1));
  for (std::size_t n = 0; n < 2 * counter_names_max; ++n)
    counters.add("codes", "c" + std::to_string(n));
  Report report;
  counters.write(report);
  EXPECT_EQ(report.number("exits.crashed"), 2);
  EXPECT_EQ(report.number("attempts.other"), 1);
  EXPECT_EQ(report.number("rescued"), 1);
  EXPECT_EQ(report.number("step_ms.fetch"), 1500);
  EXPECT_EQ(report.number("steps.fetch"), 1);
  EXPECT_EQ(report.fields.size(), counter_names_max);
}

}  // namespace report_test
}  // namespace devy::daemon
