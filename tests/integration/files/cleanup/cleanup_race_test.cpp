// The clean-up beside people who upload, persist and delete the same files.
#include <thread>

#include "tests/integration/files/cleanup/cleanup_fixture.hpp"
#include "tests/support/look_again.hpp"

namespace devy::cleanup {
namespace cleanup_race_test {

class CleanupRace : public CleanupFixture {
 protected:
  void doom(const files::File& file) {
    delete_long_ago(file);
    ASSERT_EQ(files::purge_files(connection_, config_.files.keep_deleted, 10), 1);
    ASSERT_EQ(files::doom_contents(connection_, "a", false, 10), 1);
  }
  // Until a session of this database waits for a lock.
  void wait_for_waiting() const {
    constexpr int looks_max = 500;
    for (int look = 0; look < looks_max; ++look) {
      if (value("select count(*) from pg_stat_activity where datname = current_database()"
                " and wait_event_type = 'Lock'") != "0")
        return;
      testing::pause_before_looking_again();
    }
    FAIL() << "nobody waits";
  }
};

TEST_F(CleanupRace, WaitsForWhoeverLinksTheSameBytes) {
  doom(upload("a", "hello").files.front());
  auto other = open();
  pg::Transaction transaction(other);
  const auto sha256 = base::sha256("hello");
  ASSERT_EQ(files::hold_content(other, sha256, 5, config_.files).state, "doomed");
  std::jthread cleaner([&] { EXPECT_EQ(clean_up(), "completed"); });
  wait_for_waiting();
  const auto id = files::FileId::trusted("11111111-1111-4111-8111-111111111111");
  files::NewFile file;
  file.id = id;
  file.owner = owner_;
  file.name = "b";
  files::begin_file(other, file);
  files::complete_file(other, id, {sha256, 5, "text/plain"});
  ASSERT_EQ(files::charge_owner(other, owner_, 5, 1, config_.files), "good");
  transaction.commit();
  cleaner.join();
  EXPECT_TRUE(is_there("hello"));
  EXPECT_TRUE(is_clean());
}

TEST_F(CleanupRace, LeavesTheLastOfTwoFilesItsBytesWhoeverDeletesTheOther) {
  const auto first = upload("a", "hello").files.front(),
             second = upload("b", "hello").files.front();
  delete_long_ago(first);
  delete_long_ago(second);
  auto other = open();
  pg::Transaction transaction(other);
  ASSERT_EQ(files::purge_files(other, config_.files.keep_deleted, 1), 1);
  std::jthread cleaner([&] { EXPECT_EQ(clean_up(), "completed"); });
  wait_for_waiting();
  transaction.commit();
  cleaner.join();
  static_cast<void>(clean_up());
  // Each of the two saw the other's file: without the lock nobody would have marked the content.
  EXPECT_EQ(value("select count(*) from content"), "0");
  EXPECT_FALSE(is_there("hello"));
}

TEST_F(CleanupRace, LeavesAloneWhatIsPersistedAtTheLastMoment) {
  const auto stored = upload("a", "hello", true);
  // Its token is good a moment longer.
  execute("update file set expires_at = now() - interval '1 s'");
  auto other = open();
  pg::Transaction transaction(other);
  ASSERT_TRUE(files::persist(other, {receive::token_digest(stored.token).value(),
                                     {},
                                     files::Reference{"task", "7"},
                                     {},
                                     "test"})
                  .is_new);
  EXPECT_EQ(clean_up(), "completed");
  transaction.commit();
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_EQ(value("select state from file"), "permanent");
  EXPECT_TRUE(is_clean());
}

TEST_F(CleanupRace, KeepsBytesThatAreUploadedWhileTheyAreDeleted) {
  auto file = upload("a", "hello").files.front();
  constexpr int rounds = 15;
  for (int round = 0; round < rounds; ++round) {
    doom(file);
    std::jthread cleaner([&] { EXPECT_EQ(clean_up(), "completed"); });
    file = upload("a", "hello").files.front();
    cleaner.join();
    ASSERT_TRUE(is_there("hello")) << round;
  }
  EXPECT_TRUE(is_clean());
}

}  // namespace cleanup_race_test
}  // namespace devy::cleanup
