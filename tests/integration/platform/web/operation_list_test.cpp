// The console's lists of operations: what a filter shows, page by page, and how far it looks.
#include "core/platform/web/operation_list.hpp"

#include <set>

#include "core/platform/web/operation_detail.hpp"
#include "tests/integration/platform/web/web_database.hpp"

namespace devy::web {
namespace operation_list_test {

class OperationList : public WebDatabase {
 protected:
  // Ended operations as they lie in a database after a while: of each resource one after the other.
  // Every tenth failed with the code "odd" or "even".
  OperationList() {
    database_.execute(
        "set session_replication_role = replica; "
        "delete from devy.operation; delete from devy.lease; delete from devy.resource");
  }
  void make(int resources, int operations, const std::string& kind = "upload") const {
    database_.execute(
        "set session_replication_role = replica; "
        "insert into devy.resource (kind, key, owner) select '" +
        kind + "', '" + kind +
        "-' || g, "
        "'owner' || g % 2 from generate_series(1, " +
        std::to_string(resources) +
        ") g; "
        "insert into devy.operation (id, kind, resource_id, owner, state, source, finished_at, "
        "error_code, error_text) "
        "select gen_random_uuid(), r.kind, r.id, r.owner, "
        "case when n % 10 = 0 then 'failed' else 'completed' end, 'webhook', now(), "
        "case when n % 20 = 0 then 'even' when n % 10 = 0 then 'odd' end, "
        "case when n % 10 = 0 then 'it broke' end "
        "from generate_series(1, " +
        std::to_string(operations) +
        ") n, devy.resource r "
        "where r.kind = '" +
        kind + "' order by n, r.id");
  }
  void make_waiting(const std::string& kind) const {
    database_.execute(
        "set session_replication_role = replica; "
        "insert into devy.operation (id, kind, resource_id, owner, state, source) "
        "select gen_random_uuid(), kind, id, owner, 'verified', 'api' from devy.resource "
        "where kind = '" +
        kind + "'");
  }
  // All that a filter shows, page after page.
  std::vector<OperationLine> all(OperationFilter filter) {
    std::vector<OperationLine> lines;
    for (int pages = 0; pages < 1'000; ++pages) {
      auto page = list_operations(web(), filter);
      lines.insert(lines.end(), page.lines.begin(), page.lines.end());
      if (!page.next_before) return lines;
      filter.before = *page.next_before;
    }
    ADD_FAILURE() << "the pages have no end";
    return lines;
  }
  std::int64_t count(const std::string& condition) const {
    return std::stoll(
        database_.scalar("select count(*) from devy.operation o join devy.resource r "
                         "on r.id = o.resource_id where " +
                         condition));
  }
  // Each once, newest first, and as many as the table holds.
  void expect_all(const OperationFilter& filter, const std::string& condition) {
    const auto lines = all(filter);
    EXPECT_EQ(static_cast<std::int64_t>(lines.size()), count(condition)) << condition;
    std::set<std::string> ids;
    for (std::size_t n = 0; n < lines.size(); ++n) {
      ids.insert(lines[n].id);
      if (n > 0) {
        EXPECT_GT(lines[n - 1].arrival, lines[n].arrival);
      }
    }
    EXPECT_EQ(ids.size(), lines.size());
  }
};

TEST_F(OperationList, ShowsEachOnceWhateverTheFilter) {
  make(12, 30);
  make(3, 20, "mirror_fetch");
  expect_all({}, "true");
  expect_all({.states = {"failed"}}, "state = 'failed'");
  expect_all({.states = {"failed"}, .code = "odd"}, "error_code = 'odd'");
  expect_all({.kinds = {"mirror_fetch"}}, "o.kind = 'mirror_fetch'");
  expect_all({.owner = "owner1"}, "r.owner = 'owner1'");
  expect_all({.states = {"failed"}, .kinds = {"upload"}, .owner = "owner0"},
             "state = 'failed' and o.kind = 'upload' and r.owner = 'owner0'");
  expect_all({.key = "upload-3"}, "r.key = 'upload-3'");
  expect_all({.states = {"completed"}, .key = "upload-3"},
             "state = 'completed' and r.key = 'upload-3'");
  expect_all({.owner = "nobody"}, "false");
  expect_all({.key = "nothing"}, "false");
}

TEST_F(OperationList, ShowsWhatHasNotEnded) {
  make(60, 2);
  make_waiting("upload");
  expect_all({.states = {"verified", "received"}}, "state = 'verified'");
  expect_all({.states = {"scheduled", "processing"}}, "false");
  expect_all({.states = {"verified", "failed"}}, "state in ('verified', 'failed')");
}

TEST_F(OperationList, SaysHowFarBackItHasLooked) {
  make(60, 200);
  const auto page = list_operations(web(), {.code = "unheard of"});
  EXPECT_TRUE(page.lines.empty());
  ASSERT_TRUE(page.looked_back_to && page.next_before);
  EXPECT_EQ(count("o.arrival >= " + std::to_string(*page.next_before)), operations_looked_at_max);
  // Whoever goes on comes to the end.
  expect_all({.code = "unheard of"}, "false");
}

TEST_F(OperationList, NamesWhatPointsAtAnOperation) {
  make(1, 3);
  database_.execute(
      "set session_replication_role = replica; "
      "update devy.operation set state = 'cancelled', cancelled_by = (select id from "
      "devy.operation "
      "order by arrival desc limit 1) where arrival < (select max(arrival) from devy.operation)");
  const auto lines = all({});
  ASSERT_EQ(lines.size(), 3U);
  const auto newest = find_detail(web(), lines[0].id).value();
  EXPECT_TRUE(newest.points_to.empty());
  ASSERT_EQ(newest.pointed_to_by.size(), 2U);
  EXPECT_EQ(newest.pointed_to_by[0].relation, "supersedes");
  const auto oldest = find_detail(web(), lines[2].id).value();
  ASSERT_EQ(oldest.points_to.size(), 1U);
  EXPECT_EQ(oldest.points_to[0].id, lines[0].id);
  EXPECT_EQ(oldest.points_to[0].relation, "superseded by");
  EXPECT_FALSE(find_detail(web(), "00000000-0000-4000-8000-000000000000"));
}

}  // namespace operation_list_test
}  // namespace devy::web
