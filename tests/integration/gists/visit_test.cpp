// Visitors see each file once, whatever is stored meanwhile.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "tests/integration/gists/gist_fixture.hpp"

namespace devy::gists {
namespace visit_test {

constexpr const char* one_gist = R"sql(
  do $$
  declare
    v_user uuid;
    v_gist text;
  begin
    select id into v_user from tracked_user where login = 'alice';
    for i in 1 .. 5 loop
      v_gist := md5(random()::text);
      perform gist_store(v_user, v_gist, null, '', now(), now(), false, null);
      for j in 1 .. 2 loop
        perform gist_version_store(v_user, v_gist, null, 'f' || j, repeat('a', 40), 1, null, null, 'https://r',
                                   'x', 'whole', null, '', 'activity', 'update');
      end loop;
    end loop;
  end $$)sql";

class GistVisit : public GistRows {
 protected:
  GistVisit() { track("alice"); }
  [[nodiscard]] static std::string text_of(const Session& session) {
    return std::to_string(session.from_seq) + "-" + std::to_string(session.to_seq) + " " +
           std::to_string(session.files.size()) + (session.is_more ? " more" : "");
  }
};

TEST_F(GistVisit, KnowsNobodyWhoIsNotTracked) {
  EXPECT_FALSE(visit(connection_, {"nobody", "v", false, {}, 10}));
  ASSERT_TRUE(remove_user(connection_, "alice", false));
  EXPECT_FALSE(visit(connection_, {"alice", "v", false, {}, 10}));
}

TEST_F(GistVisit, ShowsEachVisitorWhatHeHasNotSeen) {
  execute(one_gist);
  EXPECT_EQ(text_of(look(connection_, {"alice", "v", false, {}, 100}).value()), "0-10 10");
  EXPECT_EQ(text_of(visit(connection_, {"alice", "v", false, {}, 100}).value()), "0-10 10");
  EXPECT_EQ(text_of(visit(connection_, {"alice", "v", false, {}, 100}).value()), "10-10 0");
  execute(one_gist);
  EXPECT_EQ(text_of(visit(connection_, {"alice", "v", false, {}, 100}).value()), "10-20 10");
  EXPECT_EQ(text_of(visit(connection_, {"alice", "w", false, {}, 100}).value()), "0-20 20");
}

TEST_F(GistVisit, GivesTheSameSessionForTheSameKey) {
  execute(one_gist);
  const auto first = visit(connection_, {"alice", "v", false, "k", 100}).value();
  execute(one_gist);
  const auto again = visit(connection_, {"alice", "v", false, "k", 100}).value();
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(text_of(again), "0-10 10");
  EXPECT_EQ(text_of(find_session(connection_, "alice", "v", first.id).value()), "0-10 10");
  EXPECT_FALSE(find_session(connection_, "alice", "w", first.id)) << "it is another's";
  EXPECT_NE(visit(connection_, {"alice", "w", false, "k", 100}).value().id, first.id);
}

TEST_F(GistVisit, LeavesTheRestToTheNextAndNeverCutsAGist) {
  execute(one_gist);
  EXPECT_EQ(text_of(visit(connection_, {"alice", "v", false, {}, 5}).value()), "0-4 4 more");
  EXPECT_EQ(text_of(visit(connection_, {"alice", "v", false, {}, 5}).value()), "4-8 4 more");
  EXPECT_EQ(text_of(visit(connection_, {"alice", "v", false, {}, 5}).value()), "8-10 2");
}

// A hundred visitors on twenty threads while scans store: the sessions of each together have each
// file once, and a gist as a whole.
TEST_F(GistVisit, GivesEachFileOnceToEachOfManyVisitors) {
  constexpr int writers = 2, rounds = 10, threads = 20, visitors_of_thread = 5;
  std::atomic<int> writing = writers;
  std::mutex mutex;
  std::map<std::string, std::map<std::string, int>> seen;  // visitor → file → times
  std::vector<std::jthread> all;
  for (int i = 0; i < writers; ++i)
    all.emplace_back([&] {
      for (int round = 0; round < rounds; ++round)
        execute(one_gist);
      --writing;
    });
  for (int thread = 0; thread < threads; ++thread)
    all.emplace_back([&, thread] {
      auto connection = open();
      for (bool is_last = false; !is_last;) {
        is_last = writing == 0;
        for (int i = 0; i < visitors_of_thread; ++i) {
          const auto visitor = "v" + std::to_string(thread * visitors_of_thread + i);
          for (bool is_more = true; is_more;) {
            const auto session = visit(connection, {"alice", visitor, false, {}, 100}).value();
            EXPECT_EQ(session.files.size() % 2, 0U) << "half a gist";
            const std::lock_guard lock(mutex);
            for (const auto& file : session.files)
              ++seen[visitor][file.gist + file.filename];
            is_more = session.is_more;
          }
        }
      }
    });
  all.clear();
  ASSERT_EQ(seen.size(), 100U);
  for (const auto& [visitor, files] : seen) {
    EXPECT_EQ(files.size(), static_cast<std::size_t>(writers * rounds * 10)) << visitor;
    for (const auto& [file, times] : files)
      EXPECT_EQ(times, 1) << visitor << " " << file;
  }
}

}  // namespace visit_test
}  // namespace devy::gists
