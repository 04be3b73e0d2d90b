// Comparing rows with documents, and which repositories are to be audited.
#include "core/mirror/store/compare_store.hpp"

#include <gtest/gtest.h>

#include "core/mirror/store/audit_store.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace compare_store_test {

using records::Record;
using records::Relation;

base::TimePoint noon() {
  return *base::parse_rfc3339("2026-01-01T12:00:00Z");
}

class CompareStore : public ::testing::Test {
 protected:
  CompareStore() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    database_.execute(R"(
      insert into github.repository (id, name, owner_login, is_mirrored) values (7, 'notes', 'alice', true);
      insert into github.issue (id, repository_id, number, title, updated_at, last_replicated_via_api_at)
      values (1, 7, 5, 'x', '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z');
      insert into github.issue_label values (7, 5, 3, 'bug'))");
  }
  // "none", "missing", or the fields of issue 1.
  std::string compared(const std::string& title, records::Links links = {}) {
    Record record;
    record.relation = Relation::issue;
    record.id = 1;
    record.columns = {{"number", 5},
                      {"repository_id", 7},
                      {"title", title},
                      // The same moment as the row's, in other words.
                      {"updated_at", "2026-01-01T12:00:00+02:00"}};
    record.links = std::move(links);
    records::Records records;
    records.add(record);
    const auto differences = compare(connection_, records, Relation::issue, noon());
    if (differences.empty()) return "none";
    std::string text = "missing";
    for (std::size_t i = 0; i < differences[0].fields.size(); ++i)
      text = (i == 0 ? "" : text + " ") + differences[0].fields[i];
    EXPECT_EQ(differences[0].number, 5);
    EXPECT_EQ(differences[0].key, "5");
    return text;
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(CompareStore, NamesTheColumnsThatADocumentHasAndTheRowHasNot) {
  EXPECT_EQ(compared("x"), "none");
  EXPECT_EQ(compared("y"), "title");
  database_.execute("update github.issue set body = 'not in the document', updated_at = now()");
  EXPECT_EQ(compared("x"), "updated_at");
  database_.execute("delete from github.issue");
  EXPECT_EQ(compared("x"), "missing");
}

TEST_F(CompareStore, ComparesLinksWhereADocumentHasThem) {
  EXPECT_EQ(compared("x", {.labels = {{{.id = 3, .name = "bug"}}}}), "none");
  // Old payloads have bare names.
  database_.execute("insert into github.label (id, repository_id, name) values (3, 7, 'Bug')");
  EXPECT_EQ(compared("x", {.labels = {{{.name = "bug"}}}}), "none");
  EXPECT_EQ(compared("x", {.labels = std::vector<records::LabelLink>()}), "labels");
  // A label that has ended here, and that GitHub has.
  database_.execute(
      "delete from github.issue_label; update github.label set deleted_at = now(), deleted_reason "
      "= 'gone'");
  EXPECT_EQ(compared("x", {.labels = {{{.id = 3, .name = "bug"}}}}), "labels");
  EXPECT_EQ(compared("x", {.assignees = {{8}}}), "assignees");
  EXPECT_EQ(compared("x", {.requested_reviewers = {{8}}}), "requested_reviewers");
}

TEST_F(CompareStore, PassesOverRowsThatWereWrittenOrEndedSinceGithubWasAsked) {
  database_.execute(
      "update github.issue set last_replicated_via_webhook_at = '2026-01-01T12:00:01Z'");
  EXPECT_EQ(compared("y"), "none");
  database_.execute(
      "update github.issue set last_replicated_via_webhook_at = '2026-01-01T11:59:59Z'");
  EXPECT_EQ(compared("y"), "title");
  database_.execute(
      "update github.issue set deleted_at = '2026-01-01T12:00:01Z', deleted_reason = 'deleted'");
  EXPECT_EQ(compared("y"), "none");
  database_.execute("update github.issue set deleted_at = '2026-01-01T11:59:59Z'");
  EXPECT_EQ(compared("y"), "missing");
}

TEST_F(CompareStore, FindsRowsThatWereNotWrittenSince) {
  const OlderRows older{7, "issues", noon()};
  const auto rows = older_rows(connection_, older, 0, 10);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key, "5");
  EXPECT_TRUE(older_rows(connection_, older, 1, 10).empty());
  EXPECT_TRUE(is_still_there(connection_, older, Relation::issue, 1));
  EXPECT_FALSE(is_still_there(connection_, older, Relation::issue, 2));
  database_.execute("update github.issue set last_replicated_via_api_at = '2026-01-01T12:00:01Z'");
  EXPECT_FALSE(is_still_there(connection_, older, Relation::issue, 1));
}

TEST_F(CompareStore, PicksRowsThatExist) {
  database_.execute(R"(
    insert into github.label (id, repository_id, name) values (1, 7, 'bug'), (2, 8, 'other');
    insert into github.pull_request (id, repository_id, number, deleted_at, deleted_reason)
    values (1, 7, 6, now(), 'gone'))");
  EXPECT_EQ(pick_rows(connection_, 7, 10).size(), 2U);
  EXPECT_EQ(pick_rows(connection_, 7, 1).size(), 1U);
}

TEST_F(CompareStore, AuditsEachRepositoryOnceAPeriodAtATimeOfItsOwn) {
  using std::chrono::hours;
  // It was not read yet.
  EXPECT_TRUE(audits_due(connection_, hours(24)).empty());
  database_.execute(R"(
    update github.repository set issues_last_scanned_at = now() - interval '2 days', pull_requests_last_scanned_at = now() - interval '2 days')");
  EXPECT_EQ(audits_due(connection_, hours(24)), std::vector<std::int64_t>{7});
  database_.execute(R"(
    select devy.mirror_record(gen_random_uuid(), 'mirror_audit', '7', 'mirror/alice', 'alice/notes', 7, 'reconcile', 250::smallint);
    update devy.operation set created_at = now())");
  EXPECT_TRUE(audits_due(connection_, hours(24)).empty());
  database_.execute("update devy.operation set created_at = now() - interval '25 hours'");
  EXPECT_EQ(audits_due(connection_, hours(24)).size(), 1U);
  database_.execute("update github.repository set is_mirrored = false");
  EXPECT_TRUE(audits_due(connection_, hours(24)).empty());
  // Of a hundred that were read twelve hours ago about half have had their time since.
  database_.execute(R"(
    insert into github.repository (id, name, owner_login, is_mirrored, issues_last_scanned_at, pull_requests_last_scanned_at)
    select n, 'r' || n, 'bob', true, now() - interval '12 hours', now() - interval '12 hours'
      from generate_series(1001, 1100) n)");
  const auto due = audits_due(connection_, hours(24)).size();
  EXPECT_GT(due, 20U);
  EXPECT_LT(due, 80U);
}

TEST_F(CompareStore, SumsWhatTheLastAuditsFound) {
  database_.execute(R"(
    select devy.mirror_record(gen_random_uuid(), 'mirror_audit', '7', 'mirror/alice', 'alice/notes', 7, 'reconcile', 250::smallint))");
  Audit audit;
  audit.operation = base::OperationId::trusted(database_.scalar("select id from devy.operation"));
  audit.repository_id = 7;
  audit.started_at = noon();
  audit.missing = 1;
  audit.extra = 2;
  audit.different = 4;
  note_audit(connection_, audit);
  EXPECT_EQ(drift_rows(connection_), 7);
  audit.extra = 0;
  note_audit(connection_, audit);
  EXPECT_EQ(drift_rows(connection_), 5);
  database_.execute("update github.repository set is_mirrored = false");
  EXPECT_EQ(drift_rows(connection_), 0);
}

}  // namespace compare_store_test
}  // namespace devy::mirror
