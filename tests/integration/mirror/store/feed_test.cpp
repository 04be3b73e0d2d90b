// The change feed: what it says of each table, and that no reader misses a change, on a real
// database.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "core/mirror/store/change_prune.hpp"
#include "core/mirror/store/change_store.hpp"
#include "core/platform/base/error.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace feed_test {

constexpr int all = 10'000;

class Feed : public ::testing::Test {
 protected:
  Feed() : connection_(open()) {
    // The database is a copy: the first reader finds that out, and the feed begins.
    static_cast<void>(cursor_of_now(connection_));
    connection_.run_script("rows", R"sql(
      insert into github.repository (id, owner_login, name, private) values (7, 'alice', 'notes', false);
      insert into github.issue (id, repository_id, number, is_pull_request) values (1, 7, 5, false), (2, 7, 6, true);
      insert into github.pull_request (id, repository_id, number) values (3, 7, 6);
      insert into github.pull_request_file (pull_request_id, filename) values (3, 'a.txt'))sql");
    cursor_ = read_changes(connection_, "", all).cursor;
  }

  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), {}, "test");
  }
  // "issue 1 update title, body; …" of the changes since the last call.
  std::string news() {
    auto page = read_changes(connection_, cursor_, all);
    cursor_ = page.cursor;
    std::string text;
    for (const auto& change : page.changes) {
      text += (text.empty() ? "" : "; ") + change.relation + " " + std::to_string(change.id) + " " +
              change.action;
      for (const auto& column : change.columns)
        text += " " + column;
    }
    return text;
  }
  // The code of the error with which reading behind that cursor ends; "" when it does not.
  [[nodiscard]] std::string refusal(const std::string& cursor) {
    try {
      static_cast<void>(read_changes(connection_, cursor, all));
      return "";
    } catch (const base::Error& error) {
      EXPECT_FALSE(error.hint().empty());
      return error.code();
    }
  }
  std::int64_t prune(std::chrono::seconds keep, int rows_max = 1'000) {
    auto pruned = prunable_changes().prune(connection_, {keep, {}, rows_max}).pruned;
    return pruned["changes"];
  }
  void run(const std::string& sql) { connection_.run_script("test", sql); }

  testing::TestDatabase database_;
  pg::Connection connection_;
  std::string cursor_;
};

TEST_F(Feed, SaysWhichFieldsOfARowChanged) {
  run("update github.issue set title = 'x', body = 'y', state = 'open' where id = 1");
  EXPECT_EQ(news(), "issue 1 update body state title");
  run("update github.issue set title = 'x', state = 'closed' where id = 1");
  EXPECT_EQ(news(), "issue 1 update state");
  run("update github.issue set title = title");
  EXPECT_EQ(news(), "");
  run("insert into github.label (id, repository_id, name) values (4, 7, 'bug'), (5, 7, 'idea')");
  EXPECT_EQ(news(), "label 4 insert; label 5 insert");
}

// Each column of each table is a field or a stamp, and one that is added later is seen here.
TEST_F(Feed, KnowsEveryFieldOfEveryTable) {
  const std::set<std::string> stamps{"last_replicated_via_webhook_at",
                                     "last_replicated_via_api_at",
                                     "github_at",
                                     "is_settled",
                                     "detail_at",
                                     "checked_at",
                                     "repos_last_scanned_at",
                                     "hooks_last_scanned_at",
                                     "issues_last_scanned_at",
                                     "pull_requests_last_scanned_at",
                                     "labels_last_scanned_at",
                                     "milestones_last_scanned_at",
                                     "comments_last_scanned_at",
                                     "files_last_scanned_at"};
  run(R"sql(insert into github."user" (id) values (1);
      insert into github.user_repository (user_id, repository_id) values (1, 7);
      insert into github.repository_hook (id, repository_id) values (1, 7);
      insert into github.label (id, repository_id) values (1, 7);
      insert into github.milestone (id, repository_id) values (1, 7);
      insert into github.issue_comment (id, repository_id) values (1, 7);
      delete from github.issue where id = 2)sql");
  static_cast<void>(news());
  int fields = 0;
  for (const auto& line : database_.rows(R"sql(
         select c.table_name || ' ' || c.column_name || ' ' ||
                case c.data_type when 'ARRAY' then '{a}' when 'jsonb' then '{"a":1}' when 'boolean' then 'true'
                  when 'text' then 'x' when 'timestamp with time zone' then '2026-01-02' else '8' end
           from information_schema.columns c
           join information_schema.tables t using (table_schema, table_name)
          where table_schema = 'github' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
            and table_name not in ('change', 'issue_label', 'assignee', 'requested_reviewer')
            and column_name not in ('id', 'user_id', 'pull_request_id', 'filename', 'deleted_at', 'deleted_reason')
            and (table_name, column_name) <> ('user_repository', 'repository_id')
          order by 1)sql")) {
    const auto column_at = line.find(' ') + 1, value_at = line.find(' ', column_at) + 1;
    const auto table = line.substr(0, column_at - 1);
    const auto column = line.substr(column_at, value_at - column_at - 1);
    const auto value = line.substr(value_at);
    run("update github.\"" + table + "\" set \"" + column + "\" = nullif('" + value + "', \"" +
        column + "\")");
    const auto told = news();
    if (stamps.contains(column)) {
      EXPECT_EQ(told, "") << table << "." << column;
      continue;
    }
    ++fields;
    const std::string field = table == "pull_request_file" ? " files" : " " + column;
    EXPECT_NE((told + " ").find(field + " "), told.npos) << table << "." << column << ": " << told;
    EXPECT_EQ(told.find(';'), told.npos) << told;
  }
  EXPECT_GT(fields, 150);
}

TEST_F(Feed, SaysWhatEndsAndWhatIsThereAgain) {
  run("update github.issue set deleted_at = now(), deleted_reason = 'gone', title = 'x' where id = "
      "1");
  EXPECT_EQ(news(), "issue 1 delete");
  run("update github.issue set deleted_at = null, deleted_reason = null, title = 'y' where id = 1");
  EXPECT_EQ(news(), "issue 1 restore title");
  run("update github.issue set deleted_at = now(), deleted_reason = 'gone' where id = 1");
  EXPECT_EQ(news(), "issue 1 delete");
  run("delete from github.issue where id = 1");
  EXPECT_EQ(news(), "") << "its end was said";
  run("delete from github.issue where id = 2");
  EXPECT_EQ(news(), "issue 2 delete");
}

TEST_F(Feed, CountsLinksAsFieldsOfWhatTheyBelongTo) {
  run("insert into github.issue_label values (7, 5, 8, 'bug'), (7, 5, 9, 'idea'), (7, 6, 8, "
      "'bug')");
  EXPECT_EQ(news(), "issue 1 update labels; issue 2 update labels; pull_request 3 update labels");
  run("update github.issue_label set label_name = 'bugs' where number = 5 and label_id = 8");
  EXPECT_EQ(news(), "issue 1 update labels");
  run("begin; delete from github.issue_label where number = 5; "
      "insert into github.issue_label values (7, 5, 10, 'new'); commit");
  EXPECT_EQ(news(), "issue 1 update labels") << "once a transaction";
  run("insert into github.assignee values (7, 5, 4)");
  EXPECT_EQ(news(), "issue 1 update assignees");
  run("insert into github.requested_reviewer values (3, 4)");
  EXPECT_EQ(news(), "pull_request 3 update requested_reviewers");
  run("delete from github.requested_reviewer");
  EXPECT_EQ(news(), "pull_request 3 update requested_reviewers");
  run("delete from github.pull_request_file");
  EXPECT_EQ(news(), "pull_request 3 update files");
  run("begin; insert into github.issue (id, repository_id, number) values (9, 7, 9); "
      "insert into github.assignee values (7, 9, 4); commit");
  EXPECT_EQ(news(), "issue 9 insert") << "a reader reads a new row with all of it";
  run("begin; update github.issue set deleted_at = now(), deleted_reason = 'gone' where id = 9; "
      "delete from github.assignee where number = 9; commit");
  EXPECT_EQ(news(), "issue 9 delete");
}

TEST_F(Feed, ShowsNothingBeforeAnOlderTransactionHasEnded) {
  auto early = open(), late = open();
  pg::Transaction first(early);
  early.run_script("first", "update github.issue set title = 'first' where id = 1");
  pg::Transaction second(late);
  late.run_script("second", "update github.issue set title = 'second' where id = 2");
  second.commit();
  const auto from_now = cursor_of_now(connection_);
  EXPECT_EQ(news(), "");
  first.commit();
  EXPECT_EQ(news(), "issue 1 update title; issue 2 update title");
  cursor_ = from_now;
  EXPECT_EQ(news(), "issue 1 update title; issue 2 update title") << "it had not ended then";
}

// Writers whose transactions end in any order, and readers with pages of all sizes beside them.
TEST_F(Feed, ReturnsEachChangeOnceToEachReader) {
  constexpr int writers = 3, transactions = 60;
  std::atomic<int> writing{writers};
  std::vector<std::jthread> threads;
  threads.reserve(writers);
  for (int writer = 0; writer < writers; ++writer)
    threads.emplace_back([&, writer] {
      auto connection = open();
      for (int n = 0; n < transactions; ++n) {
        const auto id = std::to_string(1000 + writer * transactions + n);
        const std::string pause = n % (writer + 2) == 0 ? "select pg_sleep(0.004);" : "";
        connection.run_script("write",
                              "begin; insert into github.label (id, repository_id) values (" + id +
                                  ", 7); " + pause + " update github.label set name = '" + id +
                                  "' where id = " + id + (n % 7 == 0 ? "; rollback" : "; commit"));
      }
      --writing;
    });
  std::vector<std::vector<std::string>> read(3);
  std::vector<std::string> cursors(read.size(), cursor_);
  for (bool is_last = false; !is_last;) {
    is_last = writing == 0;
    for (std::size_t reader = 0; reader < read.size(); ++reader) {
      const int rows = is_last ? all : static_cast<int>(1 + reader * 4);
      const auto page = read_changes(connection_, cursors[reader], rows);
      cursors[reader] = page.cursor;
      for (const auto& change : page.changes)
        read[reader].push_back(change.cursor);
    }
  }
  threads.clear();
  const auto feed = cursor_.substr(0, cursor_.find(':'));
  const auto wanted = database_.rows("select '" + feed +
                                     ":' || txid || ':' || seq from github.change "
                                     "where relation = 'label' order by txid, seq");
  EXPECT_GT(wanted.size(), 100U);
  for (const auto& one : read)
    EXPECT_EQ(one, wanted);
}

TEST_F(Feed, RefusesACursorThatIsNotItsOwn) {
  EXPECT_EQ(refusal("0123456789ab:1:1"), "cursor_foreign");
  EXPECT_EQ(refusal("nonsense"), "cursor_invalid");
  EXPECT_EQ(refusal(cursor_ + "9999"), "") << "behind what there is of the transaction";
  // The server's files were put back: it has not come as far as the reader.
  const auto feed = cursor_.substr(0, cursor_.find(':'));
  EXPECT_EQ(refusal(feed + ":9000000000:1"), "cursor_foreign");
}

TEST_F(Feed, TellsAReaderWhatWasPruned) {
  const auto before = cursor_;
  run("update github.issue set title = 'old' where id = 1");
  run("update github.issue set title = 'older' where id = 2");
  const auto between = read_changes(connection_, before, 1).cursor;
  static_cast<void>(news());
  EXPECT_EQ(prune(std::chrono::hours(1)), 0) << "it is young";
  run("update github.change set at = now() - interval '2 hours' where columns = '{title}'");
  run("update github.change set at = now() - interval '2 hours' where action = 'insert'");
  run("update github.issue set title = 'new' where id = 1");
  EXPECT_EQ(prune(std::chrono::hours(1), 1), 1) << "in batches";
  EXPECT_EQ(prune(std::chrono::hours(1)), 5);
  EXPECT_EQ(refusal(before), "cursor_pruned");
  EXPECT_EQ(refusal(between), "cursor_pruned");
  EXPECT_EQ(news(), "issue 1 update title") << "who has all of them goes on";
  EXPECT_EQ(read_changes(connection_, "", all).changes.size(), 1U) << "the oldest that is kept";
}

TEST_F(Feed, NotifiesReadersButNotOften) {
  auto reader = open();
  listen_to_changes(reader);
  run("update github.issue set is_settled = not is_settled");
  EXPECT_FALSE(reader.wait_notification(std::chrono::milliseconds(0)));
  run("select setval('devy.mirror_feed_told', 1); update github.issue set title = 'x' where id = "
      "1");
  EXPECT_TRUE(reader.wait_notification(std::chrono::seconds(10)));
  // Whoever asks again and again is let through once in 50 ms.
  EXPECT_NO_THROW(database_.execute(R"sql(
    do $$
    declare
      v_last bigint := 1;
      v_told bigint;
      v_times integer := 0;
    begin
      perform setval('devy.mirror_feed_told', 1);
      while v_times < 4 loop
        perform devy.change_tell();
        v_told := pg_sequence_last_value('devy.mirror_feed_told');
        if v_told <> v_last then
          if v_told - v_last < 50 then raise exception 'after % ms', v_told - v_last; end if;
          v_last := v_told;
          v_times := v_times + 1;
        end if;
      end loop;
    end $$)sql"));
}

}  // namespace feed_test
}  // namespace devy::mirror
