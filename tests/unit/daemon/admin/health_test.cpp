#include "daemon/admin/health.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "core/systems.hpp"

namespace devy::daemon {
namespace health_test {

Health healthy() {
  Health health;
  health.queue.emplace();
  health.queue->takes_writes = true;
  health.scratch_free_bytes = health.scratch_free_bytes_min;
  health.numbers = Report{"numbers", {{"is_ready", "1"}, {"is_draining", "0"}}};
  return health;
}

TEST(Readiness, NamesEveryReasonAgainstIt) {
  EXPECT_TRUE(reasons_not_ready(healthy()).empty());
  auto health = healthy();
  health.queue.reset();
  health.database_trouble = "unable to reach postgresql://devy:secret@db/devy";
  health.scratch_free_bytes = 0;
  health.numbers->fields["is_draining"] = "1";
  const auto reasons = reasons_not_ready(health);
  ASSERT_EQ(reasons.size(), 3);
  EXPECT_TRUE(reasons[0].starts_with("database: unable to reach")) << reasons[0];
  EXPECT_EQ(reasons[0].find("secret"), std::string::npos);
  EXPECT_EQ(reasons[2], "draining");
  health = healthy();
  health.queue->takes_writes = false;
  health.numbers->fields["is_ready"] = "0";
  EXPECT_EQ(reasons_not_ready(health).size(), 2);
  EXPECT_EQ(readiness_json({}), "{\"ready\":true,\"reasons\":[]}\n");
  EXPECT_EQ(readiness_json({"a \"b\"\n"}), "{\"ready\":false,\"reasons\":[\"a \\\"b\\\"\\n\"]}\n");
}

TEST(Metrics, IsWellFormedWhateverNamesChildrenReport) {
  auto health = healthy();
  health.open_operations = {{"upload", "verified", 3}};
  health.prune_behind = {{"operations", 12.5}};
  health.numbers->fields["exits.cra\"sh\\ed\n"] = "2";
  health.numbers->fields["listener.deliveries.push.accepted"] = "5";
  health.numbers->fields["listener.deliveries.odd"] = "5";
  health.numbers->fields["rejected.cpu"] = "1";
  health.numbers->fields["database_retries.08"] = "4";
  health.numbers->fields["orphans"] = "2";
  health.numbers->fields["listener.ranges_age_seconds"] = "7";
  health.add(std::vector<queue::StateOfKind>{{"upload", "completed", 1}});
  health.system_metrics = "# HELP devy_x Measured by a system.\n# TYPE devy_x gauge\ndevy_x 1\n";
  const auto text = metrics(health, "1.2.3");
  static const std::regex line(
      R"((# (HELP|TYPE) devy_[a-z0-9_]+ .+|devy_[a-z0-9_]+(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})? [-+0-9.eInf]+))");
  std::istringstream lines(text);
  for (std::string each; std::getline(lines, each);)
    EXPECT_TRUE(std::regex_match(each, line)) << each;
  for (const char* expected :
       {"devy_build_info{version=\"1.2.3\"} 1\n", "devy_db_up 1\n",
        "devy_operations{kind=\"upload\",state=\"verified\"} 3\n",
        "devy_prune_behind_seconds{rows=\"operations\"} 12.5\n",
        "devy_operations_finished_total{kind=\"upload\",result=\"completed\"} 1\n",
        "devy_render_rejected_total{reason=\"cpu\"} 1\n",
        "devy_db_retries_total{sqlstate_class=\"08\"} 4\n", "devy_orphans_removed_total 2\n",
        "devy_webhook_deliveries_total{event=\"push\",verdict=\"accepted\"} 5\n"})
    EXPECT_NE(text.find(expected), std::string::npos) << expected << text;
}

std::set<std::string> families_of(const Health& health) {
  std::set<std::string> families;
  std::istringstream lines(metrics(health, "1"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# TYPE ")) families.insert(line.substr(7, line.find(' ', 7) - 7));
  return families;
}

Health of_all_kinds() {
  auto health = healthy();
  health.numbers->fields["listener.ranges_age_seconds"] = "7";
  base::MetricsText text;
  for (const auto& system : systems::table())
    if (system.make_metrics != nullptr) system.make_metrics()->write(text);
  health.system_metrics = text.text();
  return health;
}

// reliability.md, "Metrics", but for devy_cache_bytes: no clone outlives its attempt here.
TEST(Metrics, UsesTheDocumentedNames) {
  const auto families = families_of(of_all_kinds());
  for (const char* name : {"devy_operations",
                           "devy_operations_finished_total",
                           "devy_operation_oldest_pending_seconds",
                           "devy_operation_step_duration_seconds",
                           "devy_operation_attempts_total",
                           "devy_leases_expired_total",
                           "devy_fenced_writes_total",
                           "devy_webhook_deliveries_total",
                           "devy_webhook_duration_seconds",
                           "devy_webhook_inflight",
                           "devy_last_delivery_timestamp_seconds",
                           "devy_git_received_bytes_total",
                           "devy_git_fetch_errors_total",
                           "devy_render_rejected_total",
                           "devy_db_up",
                           "devy_db_retries_total",
                           "devy_workers",
                           "devy_worker_exits_total",
                           "devy_scratch_free_bytes",
                           "devy_orphans_removed_total",
                           "devy_reconcile_drift_total",
                           "devy_push_to_visible_seconds",
                           "devy_posts_changed_total",
                           "devy_config_reload_successful",
                           "devy_ip_allowlist_age_seconds",
                           "devy_mirror_scans",
                           "devy_mirror_unsettled",
                           "devy_mirror_drift_rows",
                           "devy_mirror_audits_total",
                           "devy_build_info"})
    EXPECT_TRUE(families.contains(name)) << name;
}

// An alert about a metric that nobody has never fires.
TEST(Metrics, HasEveryFamilyThatAnAlertUses) {
  const auto families = families_of(of_all_kinds());
  std::ifstream file(DEVY_SOURCE_FOLDER "/daemon/alerts.yml");
  const std::string rules((std::istreambuf_iterator<char>(file)), {});
  static const std::regex name(R"(\bdevy_[a-z0-9_]+)"), part("_(bucket|sum|count)$");
  int seen = 0;
  for (std::sregex_iterator each(rules.begin(), rules.end(), name), end; each != end; ++each) {
    const auto whole = each->str();
    EXPECT_TRUE(families.contains(whole) || families.contains(std::regex_replace(whole, part, "")))
        << whole;
    ++seen;
  }
  EXPECT_GT(seen, 12);
}

// A family may be written once only.
TEST(Metrics, NamesEachFamilyOnce) {
  std::istringstream lines(metrics(healthy(), "1"));
  std::set<std::string> families;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE ")) continue;
    EXPECT_TRUE(families.insert(line.substr(0, line.find(' ', 7))).second) << line;
  }
  EXPECT_GT(families.size(), 20);
}

}  // namespace health_test
}  // namespace devy::daemon
