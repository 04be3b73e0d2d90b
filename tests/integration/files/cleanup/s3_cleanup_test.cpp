// Contents that leave S3, and what is found there.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "core/files/cleanup/cleanup_handler.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/queue/runner.hpp"
#include "tests/integration/files/cleanup/s3_fixture.hpp"
#include "tests/support/hand_clock.hpp"

namespace devy::cleanup {
namespace s3_cleanup_test {

class S3Cleanup : public S3Fixture {
 protected:
  // Runs a clean-up whose clock is so much ahead.
  void clean_up_later(std::chrono::hours ahead) {
    const devy::testing::HandClock clock(base::system_clock().now() + ahead);
    const queue::OnProgress nobody;
    CleanupHandler handler({config_, clock, base::system_random(), nobody});
    queue::RunnerOptions options{"test/1.1/1", database_.conninfo(), config_.database,
                                 config_.queue};
    options.lane = "files:a";
    queue::Runner runner(options, base::system_clock(), base::system_random());
    runner.add_handler(files::cleanup_kind, handler);
    auto connection = open();
    const auto id =
        files::record_operation(connection, files::cleanup_kind, "a", queue::Source::operator_).id;
    static_cast<void>(runner.run_one({}, id));
    EXPECT_EQ(value("select state from operation where id = '" + id.text() + "'"), "completed");
  }
  void put_object(const std::string& bytes, int generation) {
    const devy::testing::TempFolder folder;
    devy::testing::write_text(folder / "bytes", bytes);
    const auto file = std::make_shared<const base::Descriptor>(
        ::open((folder / "bytes").c_str(), O_RDONLY | O_CLOEXEC));
    client_->put(storing::key_of(config_.files.s3, base::sha256(bytes), generation),
                 {file, 0, bytes.size()}, base::sha256(bytes));
  }
};

TEST_F(S3Cleanup, DeletesWhatNobodyHas) {
  delete_long_ago(upload_and_settle("a", "hello"));
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_EQ(state_of("hello"), "doomed s3");
  EXPECT_EQ(object("hello"), "hello");
  EXPECT_EQ(store("hello"), "completed");
  EXPECT_EQ(state_of("hello"), "absent");
  EXPECT_EQ(in_s3(), "0 objects, 0 open");
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Cleanup, GivesADoomedContentToWhoeverUploadsItAgain) {
  delete_long_ago(upload_and_settle("a", "hello"));
  EXPECT_EQ(clean_up(), "completed");
  const auto doomed = placed("hello");
  ASSERT_TRUE(files::note_deleting(connection_, doomed));
  static_cast<void>(upload_and_settle("b", "hello"));
  EXPECT_EQ(state_of("hello"), "stored s3");
  EXPECT_GT(placed("hello").generation, doomed.generation);
  // Whoever was deleting it comes late.
  client_->remove(storing::key_of(config_.files.s3, doomed.sha256, doomed.generation));
  EXPECT_FALSE(files::note_deleted(connection_, doomed));
  EXPECT_EQ(store("hello"), "completed");
  EXPECT_EQ(object("hello"), "hello");
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Cleanup, DeletesNothingThatAFileHas) {
  static_cast<void>(upload_and_settle("a", "hello"));
  // No function leads here.
  execute("update content set state = 'doomed', unused_since = now()");
  EXPECT_EQ(store("hello"), "completed");
  EXPECT_EQ(state_of("hello"), "stored s3");
  EXPECT_EQ(object("hello"), "hello");
}

TEST_F(S3Cleanup, DeletesObjectsThatNoRowKnowsWhenTheyAreOld) {
  static_cast<void>(upload_and_settle("a", "kept"));
  put_object("nobody's", 1);
  put_object("kept", 9999);
  clean_up_later(std::chrono::hours(0));
  EXPECT_EQ(in_s3(), "3 objects, 0 open");
  clean_up_later(std::chrono::hours(2));
  EXPECT_EQ(state_of("nobody's"), "doomed s3");
  EXPECT_EQ(in_s3(), "2 objects, 0 open");
  EXPECT_EQ(store("nobody's"), "completed");
  EXPECT_EQ(in_s3(), "1 objects, 0 open");
  EXPECT_EQ(object("kept"), "kept");
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Cleanup, AbortsOldUploadsInPartsThatNoRowKnows) {
  const auto bytes = large_bytes('e');
  static_cast<void>(upload_and_settle("a", bytes));
  const auto known = client_->begin_multipart(key(bytes));
  ASSERT_TRUE(files::note_multipart(connection_, placed(bytes), known));
  static_cast<void>(client_->begin_multipart(config_.files.s3.prefix + "ab/other"));
  clean_up_later(std::chrono::hours(2));
  EXPECT_EQ(in_s3(), "0 objects, 2 open");
  clean_up_later(std::chrono::hours(25));
  EXPECT_EQ(in_s3(), "0 objects, 1 open");
  EXPECT_TRUE(client_->parts(key(bytes), known));
}

TEST_F(S3Cleanup, HasAnOperationRecordedForWhatWaits) {
  const auto bytes = large_bytes('f');
  static_cast<void>(upload("a", bytes));
  EXPECT_FALSE(files::find_store(connection_, base::sha256(bytes)));
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_TRUE(files::find_store(connection_, base::sha256(bytes)));
  EXPECT_EQ(store(bytes), "completed");
  EXPECT_EQ(state_of(bytes), "stored s3");
}

TEST_F(S3Cleanup, ForgetsResourcesThatNoOperationIsAbout) {
  execute(
      "insert into resource (kind, key, owner) values ('content', 'ab', 'files'), "
      "('file_node', 'b', 'files')");
  const auto bytes = large_bytes('g');
  static_cast<void>(upload_and_settle("a", bytes));
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_EQ(value("select string_agg(kind || ' ' || left(key, 2), ', ' order by kind, key) "
                  "from resource where key <> 'a'"),
            "content " + base::to_hex(base::sha256(bytes)).substr(0, 2) + ", file_node b");
}

TEST_F(S3Cleanup, GoesOnWithTheDiskWhereS3Refuses) {
  use_wrong_key();
  write_orphan("orphan", 7200);
  EXPECT_EQ(clean_up(), "completed");
  EXPECT_FALSE(is_there("orphan"));
  EXPECT_TRUE(files::s3_pause(connection_));
}

TEST_F(S3Cleanup, FindsWhatIsMissingOrDifferentInS3) {
  static_cast<void>(upload_and_settle("a", "one"));
  static_cast<void>(upload_and_settle("b", "two"));
  EXPECT_EQ(verify().ok, 2U);
  client_->remove(key("one"));
  const devy::testing::TempFolder folder;
  devy::testing::write_text(folder / "bytes", "owt");
  client_->put(key("two"),
               {std::make_shared<const base::Descriptor>(
                    ::open((folder / "bytes").c_str(), O_RDONLY | O_CLOEXEC)),
                0, 3},
               base::sha256("owt"));
  EXPECT_EQ(verify(false).different.size(), 0U);
  const auto found = verify();
  ASSERT_EQ(found.missing.size(), 1U);
  EXPECT_EQ(found.missing.front().sha256, base::sha256("one"));
  ASSERT_EQ(found.different.size(), 1U);
  EXPECT_EQ(found.different.front().content.sha256, base::sha256("two"));
  // The scrubbing finds the same, and says so in the rows.
  execute("update content set verified_at = now() - interval '40 days'");
  EXPECT_EQ(run(files::scrub_kind), "completed");
  EXPECT_EQ(state_of("one") + ", " + state_of("two"), "lost s3, lost s3");
}

TEST_F(S3Cleanup, TakesAnEmptyPlaceForAWrongOne) {
  static_cast<void>(upload_and_settle("a", "hello"));
  execute("update content set verified_at = now() - interval '40 days'");
  config_.files.s3.prefix = "elsewhere/";
  EXPECT_EQ(run(files::scrub_kind), "verified");
  EXPECT_EQ(state_of("hello"), "stored s3");
  const auto pause = files::s3_pause(connection_);
  ASSERT_TRUE(pause);
  EXPECT_NE(pause->reason.find("'elsewhere/'"), std::string::npos) << pause->reason;
}

}  // namespace s3_cleanup_test
}  // namespace devy::cleanup
