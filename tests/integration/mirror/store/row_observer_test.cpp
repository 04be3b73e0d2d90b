// Observers of changed rows hear of them in the rows' own transaction.
#include "core/mirror/store/row_observer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace row_observer_test {

constexpr pg::Statement insert_note{"insert_note", R"sql(
  insert into public.note (txid, what) values (pg_current_xact_id()::text, $1::text))sql"};

// Writes what it hears into a table of its own.
class Notes final : public RowObserver {
 public:
  void observe(pg::Connection& connection, const std::vector<ChangedRow>& rows) const override {
    for (const auto& row : rows) {
      auto what = row.relation + " " + std::to_string(row.id) + " of " +
                  std::to_string(row.repository_id.value_or(0)) + " " + row.action;
      for (const auto& column : row.columns)
        what += " " + column;
      connection.execute(insert_note, pg::Params(what));
    }
    if (is_refusing) throw std::runtime_error("no");
  }
  bool is_refusing = false;
};

class TellObservers : public ::testing::Test {
 protected:
  TellObservers() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
    connection_.run_script("note", "create table public.note (n serial, txid text, what text)");
  }
  // Applies an issue's document of that minute, as a transaction.
  void apply_issue(const std::string& minute, const std::string& title,
                   const RowObservers& observers) {
    records::Record record;
    record.relation = records::Relation::issue;
    record.id = 1;
    record.github_at = base::parse_rfc3339("2026-01-01T10:" + minute + ":00Z");
    record.has_own_time = true;
    record.columns = {{"number", 5}, {"repository_id", 7}, {"title", title}};
    records::Records records;
    records.add(record);
    pg::Transaction transaction(connection_);
    apply(connection_, records,
          {records::Via::api, *base::parse_rfc3339("2026-01-01T12:" + minute + ":00Z"),
           std::nullopt, records::Relation::issue},
          observers);
    transaction.commit();
  }
  [[nodiscard]] std::string notes() const {
    return database_.scalar(
        "select coalesce(string_agg(what, '; ' order by n), '') from public.note");
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
  Notes observer_;
};

TEST_F(TellObservers, TellsOfRowsInTheirTransaction) {
  apply_issue("01", "x", {&observer_});
  EXPECT_EQ(notes(), "issue 1 of 7 insert");
  EXPECT_EQ(database_.scalar("select txid from public.note"),
            database_.scalar("select txid from github.change"));
  apply_issue("02", "y", {&observer_});
  EXPECT_EQ(notes(), "issue 1 of 7 insert; issue 1 of 7 update title");
  apply_issue("03", "y", {&observer_});
  EXPECT_EQ(notes(), "issue 1 of 7 insert; issue 1 of 7 update title") << "only stamped";
}

TEST_F(TellObservers, RollsTheRowsBackWhenOneThrows) {
  apply_issue("01", "x", {&observer_});
  observer_.is_refusing = true;
  EXPECT_THROW(apply_issue("02", "y", {&observer_}), std::runtime_error);
  EXPECT_EQ(database_.scalar("select title from github.issue"), "x");
  EXPECT_EQ(database_.scalar("select count(*) from github.change"), "1");
  EXPECT_EQ(notes(), "issue 1 of 7 insert");
}

TEST_F(TellObservers, TellsOfEachChangeOnceATransaction) {
  apply_issue("01", "x", {});
  EXPECT_EQ(notes(), "");
  pg::Transaction transaction(connection_);
  connection_.run_script("change", "update github.issue set title = 'y'");
  tell_observers(connection_, {&observer_});
  tell_observers(connection_, {&observer_});
  RowEnd end;
  end.list = "issues";
  end.id = 1;
  end.reason = "gone";
  end.at = *base::parse_rfc3339("2026-01-01T13:00:00Z");
  EXPECT_TRUE(end_row(connection_, end, {&observer_}));
  transaction.commit();
  EXPECT_EQ(notes(), "issue 1 of 7 update title; issue 1 of 7 delete");
}

// More rows than are held in memory at a time.
TEST_F(TellObservers, TellsOfManyRows) {
  pg::Transaction transaction(connection_);
  connection_.run_script(
      "change",
      "insert into github.label (id, repository_id) select n, 7 from generate_series(1, 2500) n");
  tell_observers(connection_, {&observer_});
  transaction.commit();
  EXPECT_EQ(database_.scalar("select count(distinct what) || ' ' || count(*) from public.note"),
            "2500 2500");
}

}  // namespace row_observer_test
}  // namespace devy::mirror
