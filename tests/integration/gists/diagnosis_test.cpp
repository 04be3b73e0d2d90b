// What operators are told of gists: doctor, metrics, and what is deleted when it is old.
#include "core/gists/diagnosis.hpp"

#include <gtest/gtest.h>

#include "core/gists/kinds.hpp"
#include "core/gists/metrics.hpp"
#include "core/platform/schema/role_store.hpp"
#include "tests/integration/gists/gist_fixture.hpp"

namespace devy::gists {
namespace diagnosis_test {

class GistDiagnosis : public GistRows {
 protected:
  [[nodiscard]] std::string diagnose_all() {
    std::vector<base::Diagnosis> diagnoses;
    diagnose(connection_, config_, diagnoses);
    std::string text;
    for (const auto& one : diagnoses)
      text += (text.empty() ? "" : "; ") + one.message;
    return text;
  }
};

TEST_F(GistDiagnosis, SaysNothingWhereGistsAreOff) {
  config_.gists.enabled = false;
  EXPECT_EQ(diagnose_all(), "");
}

TEST_F(GistDiagnosis, NamesUsersWhoCannotBeScanned) {
  config_.github.token_file = "token";
  track("alice");
  EXPECT_EQ(diagnose_all(), "1 user tracked");
  execute("update tracked_user set failures = 2, error = 'no way'");
  track("bob", "2");
  execute("update tracked_user set state = 'missing' where login = 'bob'");
  EXPECT_EQ(diagnose_all(),
            "scans fail of 1 user: alice, no way; GitHub does not know 1 user: bob");
}

TEST_F(GistDiagnosis, SaysWhetherRequestsWithoutATokenAreEnough) {
  const std::string add =
      "insert into tracked_user (external_id, login, added_by) select 'u' || n, 'u' || n, 'test' "
      "from "
      "generate_series(";
  execute(add + "1, 90) n");
  EXPECT_EQ(diagnose_all(), "90 users tracked");
  execute(add + "91, 100) n");
  EXPECT_EQ(diagnose_all(),
            "without a token GitHub answers 60 requests an hour, and 100 users take about 33");
}

TEST_F(GistDiagnosis, MeasuresWithTheRightsOfTheRoleMetrics) {
  schema::grant_roles(connection_);
  track("alice");
  execute("update tracked_user set scan_at = now() - interval '2 hours'");
  auto metrics = pg::Connection::open(database_.conninfo() + " options='-c role=devy_metrics'",
                                      config::Database{}, "test");
  const auto measured = make_metrics();
  measured->measure(metrics, {});
  base::MetricsText text;
  measured->write(text);
  measured->write_counts(text, {{"gist_scans.completed", 3}, {"gist_files_found.added", 7}});
  for (const char* line :
       {"devy_gist_users{state=\"new\"} 1\n", "devy_gist_scans_total{result=\"completed\"} 3\n",
        "devy_gist_files_found_total{kind=\"added\"} 7\n", "devy_gist_oldest_due_seconds 72"})
    EXPECT_NE(text.text().find(line), std::string::npos) << line << text.text();
}

TEST_F(GistDiagnosis, DeletesVisitsAndRoutinesOfMoreThanFourHundredDays) {
  track("alice");
  for (const char* age : {"399 days", "401 days"}) {
    execute(std::string(
                "insert into gist_session (tracked_user_id, visitor, from_seq, to_seq, created_at) "
                "select id, 'v', 0, 0, now() - interval '") +
            age + "' from tracked_user");
    execute(std::string(
                "insert into routine (reason, started_at, finished_at) values ('timer', now() - "
                "interval '") +
            age + "', now())");
  }
  const auto prunable = prunable_records().at(0);
  const auto estimate = prunable.estimate(connection_, {}, 100);
  EXPECT_EQ(estimate.counts, (queue::PruneCounts{{"gist_sessions", 1}, {"gist_routines", 1}}));
  const auto batch = prunable.prune(connection_, {{}, "", 100});
  EXPECT_EQ(batch.pruned, estimate.counts);
  EXPECT_TRUE(batch.is_last);
  EXPECT_EQ(
      value("select (select count(*) from gist_session) || ' ' || (select count(*) from routine)"),
      "1 1");
}

}  // namespace diagnosis_test
}  // namespace devy::gists
