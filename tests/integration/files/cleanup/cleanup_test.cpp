// What the clean-up deletes, and what it never does.
#include <filesystem>

#include "core/platform/base/hex.hpp"
#include "tests/integration/files/cleanup/cleanup_fixture.hpp"

namespace devy::cleanup {
namespace cleanup_test {

using Cleanup = CleanupFixture;

TEST_F(Cleanup, ExpiresTemporaryFilesAndGivesTheirRoomBack) {
  static_cast<void>(upload("late", "12345", true));
  static_cast<void>(upload("young", "123", true));
  execute("update file set expires_at = now() - interval '1 s' where name = 'late'");
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_EQ(value("select state || ' ' || deleted_by from file where name = 'late'"),
            "deleted expired");
  EXPECT_EQ(value("select state from file where name = 'young'"), "temporary");
  EXPECT_EQ(value("select bytes_used || ' ' || files from file_owner"), "3 1");
  EXPECT_TRUE(is_there("12345"));  // for as long as deleted files are kept
  EXPECT_TRUE(is_clean());
}

TEST_F(Cleanup, EndsUploadsOfItsNodeThatNobodyGoesOnWith) {
  const auto begin = [&](const std::string& name, const std::string& node,
                         const std::string& expires) {
    execute("with f as (insert into file (owner_id, name, state, is_temporary) select id, '" +
            name +
            "', 'receiving', false from file_owner returning id, owner_id)"
            " insert into file_upload (file_id, owner_id, node, key_digest, length, expires_at)"
            " select id, owner_id, '" +
            node + "', sha256('k'), 10, now() + interval '" + expires + "' from f");
  };
  begin("late", "a", "-1 s");
  begin("young", "a", "1 h");
  begin("other", "b", "-1 s");
  execute("update file_owner set bytes_reserved = 30");
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_EQ(value("select string_agg(name || ' ' || state, ', ' order by name) from file"),
            "late deleted, other receiving, young receiving");
  EXPECT_EQ(clean_up(), "completed");  // it is not ended twice
  EXPECT_EQ(value("select bytes_reserved from file_owner"), "20");
}

TEST_F(Cleanup, ForgetsTokensAWeekAfterTheyExpired) {
  const auto stored = upload("a", "hello", true);
  ASSERT_EQ(files::persist(connection_, {receive::token_digest(stored.token).value(),
                                         {},
                                         files::Reference{"task", "7"},
                                         {},
                                         "test"})
                .outcome,
            "good");
  execute("update file_token set expires_at = now() - interval '6 days'");
  static_cast<void>(clean_up());
  EXPECT_EQ(value("select count(*) from file_token"), "1");
  execute("update file_token set expires_at = now() - interval '8 days'");
  static_cast<void>(clean_up());
  EXPECT_EQ(value("select count(*) from file_token"), "0");
  EXPECT_EQ(value("select state from file"), "permanent");
}

TEST_F(Cleanup, KeepsDeletedFilesAndThenDeletesTheirBytes) {
  const auto file = upload("a", "hello").files.front();
  ASSERT_EQ(files::delete_file(connection_, file.id, {}, "test"), "deleted");
  static_cast<void>(clean_up());
  EXPECT_TRUE(is_there("hello"));
  EXPECT_EQ(files::restore_file(connection_, file.id, config_.files), "restored");
  EXPECT_EQ(value("select bytes_used || ' ' || files from file_owner"), "5 1");
  delete_long_ago(file);
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_FALSE(is_there("hello"));
  EXPECT_EQ(value("select (select count(*) from file) + (select count(*) from content)"), "0");
  EXPECT_EQ(files::restore_file(connection_, file.id, config_.files), "absent");
  EXPECT_TRUE(is_clean());
}

TEST_F(Cleanup, KeepsBytesThatAnotherFileHas) {
  const auto first = upload("a", "hello").files.front();
  const auto second = upload("b", "hello").files.front();
  delete_long_ago(first);
  static_cast<void>(clean_up());
  EXPECT_TRUE(is_there("hello"));
  EXPECT_EQ(value("select state || ' ' || (unused_since is null) from content"), "stored true");
  delete_long_ago(second);
  static_cast<void>(clean_up());
  EXPECT_FALSE(is_there("hello"));
}

TEST_F(Cleanup, KeepsWhatIsReferredTo) {
  const auto file = upload("a", "hello").files.front();
  // No function leads here.
  execute(
      "insert into file_reference (file_id, kind, key, created_by) select id, 'task', '7', 't' "
      "from file");
  execute(
      "update file set state = 'deleted', deleted_at = now() - interval '2 days', expires_at = "
      "null");
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_EQ(value("select count(*) from file"), "1");
  EXPECT_TRUE(is_there("hello"));
}

TEST_F(Cleanup, GivesDoomedBytesToWhoeverUploadsThemAgain) {
  delete_long_ago(upload("a", "hello").files.front());
  ASSERT_EQ(files::purge_files(connection_, config_.files.keep_deleted, 10), 1);
  ASSERT_EQ(files::doom_contents(connection_, "a", false, 10), 1);
  EXPECT_EQ(value("select state from content"), "doomed");
  static_cast<void>(upload("b", "hello"));
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_TRUE(is_there("hello"));
  EXPECT_EQ(value("select state || ' ' || (generation > 1) from content"), "stored true");
  EXPECT_TRUE(is_clean());
}

TEST_F(Cleanup, DeletesOldBytesThatNoRowKnows) {
  write_orphan("old", 7'200);
  write_orphan("young", 60);
  write_orphan("of a clock that was put back", -3'600);
  static_cast<void>(upload("a", "kept"));
  std::filesystem::last_write_time(
      place("kept"), std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_FALSE(is_there("old"));
  EXPECT_TRUE(is_there("young"));
  EXPECT_TRUE(is_there("of a clock that was put back"));
  EXPECT_TRUE(is_there("kept"));
}

TEST_F(Cleanup, AsksBeforeItDeletesManyBytesWithoutRows) {
  constexpr int orphans = 101;
  for (int i = 0; i < orphans; ++i)
    write_orphan(std::to_string(i), 7'200);
  EXPECT_EQ(clean_up(), "held");
  EXPECT_TRUE(is_there("0"));
  // What is held is joined, and not replaced.
  EXPECT_EQ(clean_up(), "held");
  EXPECT_EQ(value("select count(*) || ' ' || max(error_code) from operation"),
            "1 file_many_orphans");
  execute("select operation_approve((select id from operation), 'test', null)");
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_FALSE(is_there("0"));
  EXPECT_TRUE(is_clean());
}

TEST_F(Cleanup, GoesOnWithTheRestWhileAPersonIsAsked) {
  constexpr int orphans = 101;
  for (int i = 0; i < orphans; ++i)
    write_orphan(std::to_string(i), 7'200);
  ASSERT_EQ(clean_up(), "held");
  const auto is_due = [&] {
    return files::is_operation_due(connection_, files::cleanup_kind, "a", std::chrono::minutes(5));
  };
  EXPECT_FALSE(is_due());
  execute("update operation set started_at = now() - interval '2 hours'");
  EXPECT_TRUE(is_due());
  static_cast<void>(upload("late", "late", true));
  execute("update file set expires_at = now() - interval '1 s'");
  const auto next =
      files::record_operation(connection_, files::cleanup_kind, "a", queue::Source::reconcile);
  EXPECT_FALSE(next.is_joined);
  EXPECT_EQ(run(next.id), "held");
  EXPECT_EQ(value("select state from file"), "deleted");
  EXPECT_EQ(value("select string_agg(state, ' ' order by arrival) from operation"),
            "cancelled held");
  EXPECT_TRUE(is_there("0"));
}

TEST_F(Cleanup, RefusesTheFilesOfAnotherNode) {
  const auto recorded =
      files::record_operation(connection_, files::cleanup_kind, "b", queue::Source::operator_);
  EXPECT_EQ(value("select lane from operation"), "files:b");
  EXPECT_EQ(run(recorded.id), "failed");
  EXPECT_EQ(value("select error_code || ': ' || error_text from operation"),
            "storage_foreign: unable to look after the files of node 'b': this is node 'a'");
}

TEST_F(Cleanup, SweepsOldStagingFilesThatNobodyReceives) {
  const auto stage = [&](const std::string& name, int age) {
    const std::filesystem::path path(folder_ / ("files/staging/" + name));
    devy::testing::write_text(path, "x");
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(age));
  };
  stage("11111111-1111-4111-8111-111111111111", 7'200);
  stage("22222222-2222-4222-8222-222222222222", 60);
  const auto held = disk_->stage();
  std::filesystem::last_write_time(
      folder_ / ("files/staging/" + held.name()),
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  static_cast<void>(clean_up());
  std::vector<std::string> names;
  disk_->list_staging([&](const std::string& name, bool) { names.push_back(name); });
  std::vector<std::string> wanted{"22222222-2222-4222-8222-222222222222", held.name()};
  std::ranges::sort(wanted);
  EXPECT_EQ(names, wanted);
}

}  // namespace cleanup_test
}  // namespace devy::cleanup
