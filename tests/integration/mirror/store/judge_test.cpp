// Which document wins: each rule of mirror.md, section 2, on rows of a real database.
#include <gtest/gtest.h>

#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/due_store.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace judge_test {

using records::Record;
using records::Relation;
using records::Via;

constexpr std::int64_t repository_id = 7;

base::TimePoint at(const std::string& time) {
  return *base::parse_rfc3339("2026-01-01T" + time + "Z");
}

class Judge : public ::testing::Test {
 protected:
  Judge() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {}

  struct Said {
    std::string changed_at;  // by GitHub's clock
    std::string title;
    Via via = Via::api;
    std::string sent_at = "12:00:00";
    std::string date = "12:00:00";
    bool is_added_only = false;
  };
  // Applies an issue's document; "applied", "same", "stale", "tie" or "invalid".
  std::string say(const Said& said, std::int64_t id = 1, std::int64_t number = 5) {
    Record record;
    record.relation = Relation::issue;
    record.id = id;
    record.github_at = at(said.changed_at);
    record.has_own_time = true;
    record.is_added_only = said.is_added_only;
    record.columns = {{"number", number}, {"repository_id", repository_id}, {"title", said.title}};
    record.links.repository_id = repository_id;
    record.links.number = number;
    record.links.labels = labels_;
    records::Records records;
    records.add(record);
    const auto applied =
        apply(connection_, records,
              {said.via, at(said.sent_at),
               said.via == Via::api ? std::optional(at(said.date)) : std::nullopt, Relation::issue},
              {});
    const auto& outcomes = applied.at(Relation::issue);
    if (outcomes.applied == 1) return "applied";
    if (outcomes.same == 1) return "same";
    if (outcomes.stale == 1) return "stale";
    return outcomes.tie == 1 ? "tie" : "invalid";
  }
  bool end(const std::string& reason, const std::string& time,
           std::optional<std::int64_t> of = std::nullopt) {
    RowEnd end;
    end.list = "issues";
    end.id = 1;
    end.reason = reason;
    end.at = at(time);
    end.repository_id = of;
    return end_row(connection_, end, {});
  }
  [[nodiscard]] std::string row(const std::string& columns) const {
    return database_.scalar("select concat_ws(' ', " + columns +
                            ") from github.issue where id = 1");
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
  std::optional<std::vector<records::LabelLink>> labels_;
};

TEST_F(Judge, TakesNoRowBackInTime) {
  EXPECT_EQ(say({"10:00:00", "new"}), "applied");
  EXPECT_EQ(say({"09:00:00", "old", Via::webhook}), "stale");
  EXPECT_EQ(say({"09:00:00", "old", Via::api, "13:00:00"}), "stale");
  EXPECT_EQ(row("title"), "new");
  // The API has seen that it is there, though.
  EXPECT_EQ(row("to_char(last_replicated_at, 'HH24:MI')"), "13:00");
  EXPECT_EQ(say({"10:00:01", "newer", Via::webhook}), "applied");
  EXPECT_EQ(row("title"), "newer");
}

TEST_F(Judge, SettlesARowByAnAnswerThatIsTwoSecondsLater) {
  EXPECT_EQ(say({"10:00:00", "x", Via::webhook, "10:00:01"}), "applied");
  EXPECT_EQ(row("is_settled"), "f");
  EXPECT_EQ(say({"10:00:00", "x", Via::api, "10:00:01", "10:00:01"}), "same");
  EXPECT_EQ(row("is_settled"), "f");
  EXPECT_EQ(say({"10:00:00", "x", Via::api, "10:00:02", "10:00:02"}), "same");
  EXPECT_EQ(row("is_settled"), "t");
}

TEST_F(Judge, LetsTheSettledOneWinWithinASecond) {
  EXPECT_EQ(say({"10:00:00", "settled", Via::api, "10:01:00", "10:01:00"}), "applied");
  EXPECT_EQ(say({"10:00:00", "early", Via::webhook, "10:02:00"}), "tie");
  EXPECT_EQ(say({"10:00:00", "early", Via::api, "10:00:01", "10:00:01"}), "tie");
  EXPECT_EQ(row("title"), "settled");
  // A later request knows better, an earlier one does not.
  EXPECT_EQ(say({"10:00:00", "earlier", Via::api, "10:00:50", "10:00:50"}), "tie");
  EXPECT_EQ(say({"10:00:00", "later", Via::api, "10:03:00", "10:03:00"}), "applied");
  EXPECT_EQ(row("title, is_settled"), "later t");
}

TEST_F(Judge, LetsTheLaterOfTwoWebhooksOfOneSecondWin) {
  EXPECT_EQ(say({"10:00:00", "first", Via::webhook, "10:00:01"}), "applied");
  EXPECT_EQ(say({"10:00:00", "second", Via::webhook, "10:00:02"}), "applied");
  EXPECT_EQ(say({"10:00:00", "late twin", Via::webhook, "10:00:01"}), "tie");
  EXPECT_EQ(row("title, is_settled"), "second f");
}

// When a document of an earlier second arrived is of no interest within this one.
TEST_F(Judge, ComparesWebhooksOfOneSecondByTheirOwnArrivalAlone) {
  EXPECT_EQ(say({"09:00:00", "older, and late", Via::webhook, "11:00:00"}), "applied");
  EXPECT_EQ(say({"10:00:00", "first", Via::webhook, "10:00:01"}), "applied");
  EXPECT_EQ(say({"10:00:00", "second", Via::webhook, "10:00:02"}), "applied");
  EXPECT_EQ(row("title"), "second");
}

TEST_F(Judge, CountsLinksAsContent) {
  labels_.emplace();
  EXPECT_EQ(say({"10:00:00", "x", Via::webhook, "10:00:01"}), "applied");
  labels_ = {{.id = 3, .name = "bug"}};
  EXPECT_EQ(say({"10:00:00", "x", Via::webhook, "10:00:02"}), "applied");
  EXPECT_EQ(database_.scalar("select label_id || label_name from github.issue_label"), "3bug");
  EXPECT_EQ(say({"10:00:00", "x", Via::webhook, "10:00:03"}), "same");
  labels_.reset();  // absent is not empty
  EXPECT_EQ(say({"10:00:05", "y", Via::webhook, "10:00:06"}), "applied");
  EXPECT_EQ(database_.scalar("select count(*) from github.issue_label"), "1");
  labels_.emplace();
  EXPECT_EQ(say({"10:00:07", "y", Via::webhook, "10:00:08"}), "applied");
  EXPECT_EQ(database_.scalar("select count(*) from github.issue_label"), "0");
}

TEST_F(Judge, KeepsWhatADocumentDoesNotSay) {
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  database_.execute("update github.issue set body = 'kept'");
  EXPECT_EQ(say({"10:00:01", "y"}), "applied");
  EXPECT_EQ(row("title, body"), "y kept");
}

TEST_F(Judge, AddsAndChangesNothingWhereTheSourceIsNotBelieved) {
  EXPECT_EQ(say({"10:00:00", "x", Via::webhook, "10:00:01", "", true}), "applied");
  EXPECT_EQ(row("is_settled"), "f");
  EXPECT_EQ(say({"11:00:00", "forged", Via::webhook, "11:00:01", "", true}), "stale");
  EXPECT_EQ(row("title"), "x");
}

TEST_F(Judge, RevivesADeletedRowOnlyByALaterAnswer) {
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  EXPECT_TRUE(end("deleted", "13:00:00"));
  EXPECT_EQ(say({"14:00:00", "late event", Via::webhook, "14:00:00"}), "stale");
  EXPECT_EQ(say({"10:00:00", "old page", Via::api, "13:00:59", "13:00:59"}), "stale");
  EXPECT_EQ(row("deleted_reason"), "deleted");
  EXPECT_EQ(say({"10:00:00", "x", Via::api, "13:01:00", "13:01:00"}), "applied");
  EXPECT_EQ(row("deleted_reason is null"), "t");
}

TEST_F(Judge, EndsGoneByANewerDocument) {
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  EXPECT_TRUE(end("gone", "13:00:00"));
  EXPECT_EQ(say({"10:00:00", "same", Via::webhook, "14:00:00"}), "stale");
  EXPECT_EQ(say({"10:00:01", "back", Via::webhook, "14:00:00"}), "applied");
  EXPECT_EQ(row("title, deleted_at is null"), "back t");
}

TEST_F(Judge, EndsGoneByALaterAnswer) {
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  EXPECT_TRUE(end("gone", "13:00:00"));
  EXPECT_EQ(say({"10:00:00", "x", Via::api, "13:00:00", "13:00:00"}), "stale");
  EXPECT_EQ(row("deleted_reason"), "gone");
  EXPECT_EQ(say({"10:00:00", "x", Via::api, "13:00:01", "13:00:01"}), "applied");
  EXPECT_EQ(row("deleted_at is null"), "t");
}

// Deliveries come in any order: one from before the end may be the last to arrive.
TEST_F(Judge, EndsARowThatADeliveryNamedSince) {
  EXPECT_EQ(say({"10:00:00", "x", Via::webhook, "14:00:00"}), "applied");
  EXPECT_TRUE(end("deleted", "13:00:00"));
}

// No event tells of the comments that go with an issue.
TEST_F(Judge, EndsTheCommentsOfAnIssueWithIt) {
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  database_.execute(
      "insert into github.issue_comment (id, repository_id, number) values (1, 7, 5), (2, 7, 6)");
  EXPECT_TRUE(end("deleted", "13:00:00"));
  EXPECT_EQ(database_.scalar("select string_agg(concat_ws(' ', id, deleted_reason), ', ' order by "
                             "id) from github.issue_comment"),
            "1 deleted, 2");
}

// A reading that did not meet an uncertain row is not repeated every few seconds for it.
TEST_F(Judge, AsksForNoRowAgainThatAReadingDidNotMeet) {
  database_.execute(
      "insert into github.repository (id, name, owner_login, is_mirrored) values (7, 'notes', "
      "'alice', true);"
      "insert into github.issue_comment (id, repository_id, number, "
      "last_replicated_via_webhook_at) "
      "values (1, 7, 5, clock_timestamp() - interval '10 minutes')");
  const auto due = [&] {
    const std::chrono::milliseconds now{0};
    return lists_to_settle(connection_, now, now).size();
  };
  EXPECT_EQ(due(), 1U);
  database_.execute(
      "insert into devy.resource (kind, key, owner) values ('mirror_list', '7/comments/all', 'a');"
      "select devy.operation_ingest('00000000-0000-4000-8000-000000000001', max(id), "
      "'mirror_scan', "
      "'reconcile', null, null, null, '', false, 150::smallint, 12, null, null, null, 'a', "
      "'github') "
      "from devy.resource;"
      "insert into devy.mirror_scan (id, list_key, repository_id, list, state, mode, phase, "
      "started_at, finished_at) values ('00000000-0000-4000-8000-000000000001', '7/comments/all', "
      "7, 'comments', 'all', 'incremental', 'completed', clock_timestamp() - interval '5 minutes', "
      "clock_timestamp())");
  EXPECT_EQ(due(), 0U);
  database_.execute(
      "update github.issue_comment set last_replicated_via_webhook_at = clock_timestamp() - "
      "interval '1 minute'");
  EXPECT_EQ(due(), 1U);
}

TEST_F(Judge, LinksNoLabelThatHasEnded) {
  database_.execute(
      "insert into github.label (id, repository_id, name, deleted_at, deleted_reason)"
      " values (3, 7, 'old', now(), 'deleted')");
  labels_ = {{.id = 3, .name = "old"}, {.id = 4, .name = "bug"}};
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  EXPECT_EQ(database_.scalar("select string_agg(label_name, ' ') from github.issue_label"), "bug");
}

// No event of an issue tells that a label has another name.
TEST_F(Judge, KeepsTheNamesOfLinksThoseOfTheirLabels) {
  const auto name_label = [&](const char* changed_at, const char* name) {
    Record record;
    record.relation = Relation::label;
    record.id = 3;
    record.github_at = at(changed_at);
    record.columns = {{"name", name}, {"repository_id", repository_id}};
    records::Records records;
    records.add(record);
    apply(connection_, records, {Via::webhook, at("12:00:00"), std::nullopt, Relation::label}, {});
  };
  const auto linked = [&] {
    return database_.scalar("select string_agg(label_name, ' ') from github.issue_label");
  };
  name_label("10:00:00", "bug");
  labels_ = {{.id = 3, .name = "bug"}};
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  name_label("10:00:05", "defect");
  EXPECT_EQ(linked(), "defect");
  // A document from before has the former name.
  EXPECT_EQ(say({"10:00:01", "y"}), "applied");
  EXPECT_EQ(linked(), "defect");
  database_.execute("update github.issue_label set label_name = 'wrong'");
  EXPECT_EQ(say({"10:00:01", "y", Via::api, "13:00:00", "13:00:00"}), "applied");
  EXPECT_EQ(linked(), "defect");
}

TEST_F(Judge, EndsNoRowThatWasSeenSince) {
  EXPECT_EQ(say({"10:00:00", "x", Via::api, "13:00:00", "13:00:00"}), "applied");
  EXPECT_FALSE(end("deleted", "12:59:59"));
  EXPECT_EQ(row("deleted_at is null"), "t");
}

// A repository's own secret is known to its administrators, who can sign anything.
TEST_F(Judge, LetsNoWebhookSpeakOfAnotherRepositorysRow) {
  EXPECT_EQ(say({"10:00:00", "x"}), "applied");
  database_.execute("update github.issue set repository_id = 8");
  EXPECT_EQ(say({"11:00:00", "forged", Via::webhook, "11:00:00"}), "stale");
  EXPECT_FALSE(end("deleted", "13:00:00", repository_id));
  EXPECT_EQ(row("title, deleted_at is null"), "x t");
  // GitHub itself may say that it moved.
  EXPECT_EQ(say({"11:00:00", "moved", Via::api, "12:00:00", "12:00:00"}), "applied");
}

TEST_F(Judge, PassesOverADocumentWhoseNumberAnotherRowHas) {
  EXPECT_EQ(say({"10:00:00", "x"}, 1, 5), "applied");
  EXPECT_EQ(say({"11:00:00", "forged", Via::webhook, "11:00:00"}, 2, 5), "invalid");
  EXPECT_EQ(database_.scalar("select count(*) from github.issue"), "1");
}

// Neither lists nor deliveries say who closed an issue; it may have been reopened unseen.
TEST_F(Judge, ForgetsWhoClosedAnIssueWhenItWasClosedAgain) {
  const auto close = [&](const char* changed_at, const char* closed_at, const char* by) {
    Record record;
    record.relation = Relation::issue;
    record.id = 1;
    record.github_at = at(changed_at);
    record.has_own_time = true;
    record.columns = {{"closed_at", at(closed_at)}};
    if (*by != '\0') record.columns.emplace_back("closed_by_id", 4);
    if (*by != '\0') record.columns.emplace_back("closed_by_login", by);
    record.columns.insert(record.columns.end(),
                          {{"number", 5}, {"repository_id", repository_id}, {"state", "closed"}});
    record.links.repository_id = repository_id;
    record.links.number = 5;
    records::Records records;
    records.add(record);
    apply(connection_, records, {Via::api, at("12:00:00"), at("12:00:00"), Relation::issue}, {});
    return row("coalesce(closed_by_login, 'unknown')");
  };
  EXPECT_EQ(close("10:00:00", "10:00:00", "alice"), "alice");
  EXPECT_EQ(close("10:00:05", "10:00:00", ""), "alice");
  EXPECT_EQ(close("10:00:09", "10:00:09", ""), "unknown");
}

TEST_F(Judge, OverwritesMergeableOnlyWhenTheHeadMoved) {
  const auto pull = [&](const char* changed_at, const char* head, bool is_known) {
    Record record;
    record.relation = Relation::pull_request;
    record.id = 9;
    record.github_at = at(changed_at);
    record.has_own_time = true;
    record.mergeable_is_unknown = !is_known;
    record.columns = {
        {"base_sha", "b"}, {"head_sha", head}, {"number", 6}, {"repository_id", repository_id}};
    if (is_known) record.columns.emplace_back("mergeable", true);
    record.links.repository_id = repository_id;
    record.links.number = 6;
    records::Records records;
    records.add(record);
    apply(connection_, records, {Via::api, at("12:00:00"), at("12:00:00"), Relation::pull_request},
          {});
    return database_.scalar("select coalesce(mergeable::text, 'null') from github.pull_request");
  };
  EXPECT_EQ(pull("10:00:00", "one", true), "true");
  EXPECT_EQ(pull("10:00:01", "one", false), "true");
  EXPECT_EQ(pull("10:00:02", "two", false), "null");
}

// Two pushes within a second, whose deliveries changed places: the list knows the head, not its
// lines.
TEST_F(Judge, ReadsDetailsAgainThatCameWithAnotherHeadOfTheSecond) {
  const auto pull = [&](Via via, const char* told_at, const char* head, int additions) {
    Record record;
    record.relation = Relation::pull_request;
    record.id = 9;
    record.github_at = at("10:00:00");
    record.has_own_time = true;
    if (additions > 0) record.columns.emplace_back("additions", additions);
    record.columns.emplace_back("base_sha", "b");
    if (additions > 0) record.columns.emplace_back("detail_at", at("10:00:00"));
    record.columns.insert(
        record.columns.end(),
        {{"head_sha", head}, {"number", 6}, {"repository_id", repository_id}, {"state", "open"}});
    record.links.repository_id = repository_id;
    record.links.number = 6;
    records::Records records;
    records.add(record);
    apply(connection_, records, {via, at(told_at), at(told_at), Relation::pull_request}, {});
    return database_.scalar(
        "select concat_ws(' ', head_sha, additions, case when detail_at = github_at then 'known' "
        "else 'to be read' end) from github.pull_request");
  };
  EXPECT_EQ(pull(Via::webhook, "10:00:01", "two", 2), "two 2 known");
  EXPECT_EQ(pull(Via::webhook, "10:00:02", "one", 1), "one 1 known");
  EXPECT_EQ(pull(Via::api, "10:00:05", "two", 0), "two 1 to be read");
  EXPECT_EQ(pull(Via::api, "10:00:06", "two", 2), "two 2 known");
  EXPECT_EQ(pull(Via::api, "10:00:07", "two", 0), "two 2 known");
}

// A list of columns stands twice in each function that writes a table: none may be forgotten.
TEST(Apply, WritesEveryColumnOfATable) {
  const testing::TestDatabase database;
  EXPECT_EQ(database.scalar(R"(
    select coalesce(string_agg(c.relname || '.' || a.attname, ', '), '')
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_proc p on p.proname = 'mirror_apply_' || c.relname
     where c.relnamespace = 'github'::regnamespace and c.relkind = 'r' and a.attgenerated = ''
       and p.prosrc not like '%(j.new).' || a.attname || '%'
       -- The stamps.
       and p.prosrc not like '% j.' || a.attname || '%'
       and a.attname not like '%last_scanned_at' and a.attname not like 'files_%'
       and a.attname not in ('is_mirrored', 'installation', 'is_ours', 'checked_at',
                             'transferred_to_repository_id', 'transferred_to_number'))"),
            "");
}

}  // namespace judge_test
}  // namespace devy::mirror
