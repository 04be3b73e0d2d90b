// Contents on their way to S3.
#include <gtest/gtest.h>

#include "core/files/diagnosis.hpp"
#include "core/files/storing/moving.hpp"
#include "core/platform/base/process_counts.hpp"
#include "tests/integration/files/cleanup/s3_fixture.hpp"

namespace devy::cleanup {
namespace s3_store_test {

class S3Store : public S3Fixture {};

TEST_F(S3Store, HasASmallContentInS3BeforeItIsAnswered) {
  const auto file = upload_and_settle("a", "hello");
  EXPECT_TRUE(file.is_stored);
  EXPECT_EQ(state_of("hello"), "stored s3");
  EXPECT_EQ(object("hello"), "hello");
  EXPECT_FALSE(is_there("hello"));
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Store, SendsWhatTwoHaveOnce) {
  static_cast<void>(upload_and_settle("a", "hello"));
  const auto second = upload_and_settle("b", "hello");
  EXPECT_TRUE(second.is_stored);
  EXPECT_EQ(in_s3(), "1 objects, 0 open");
  EXPECT_FALSE(is_there("hello"));
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Store, SendsALargeContentInPartsAfterTheAnswer) {
  const auto bytes = large_bytes('a');
  const auto file = upload_and_settle("a", bytes);
  EXPECT_FALSE(file.is_stored);
  EXPECT_EQ(state_of(bytes), "staged s3");
  EXPECT_TRUE(is_there(bytes));
  EXPECT_EQ(store(bytes), "completed");
  EXPECT_EQ(state_of(bytes), "stored s3");
  EXPECT_FALSE(is_there(bytes));
  EXPECT_TRUE(object(bytes) == bytes);
  EXPECT_EQ(in_s3(), "1 objects, 0 open");
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Store, GoesOnBehindThePartsThatS3Has) {
  const auto bytes = large_bytes('b');
  static_cast<void>(upload_and_settle("a", bytes));
  const auto id = client_->begin_multipart(key(bytes));
  ASSERT_TRUE(files::note_multipart(connection_, placed(bytes), id));
  auto file = disk_->open(base::sha256(bytes));
  ASSERT_TRUE(file);
  const auto part_bytes = config_.files.s3.part_bytes;
  const http::FileRange second{std::make_shared<const base::Descriptor>(*std::move(file)),
                               part_bytes, part_bytes};
  static_cast<void>(
      client_->put_part(key(bytes), id, 2, second,
                        base::sha256(std::string_view(bytes).substr(part_bytes, part_bytes))));
  static_cast<void>(base::reset_counts());
  EXPECT_EQ(store(bytes), "completed");
  EXPECT_EQ(base::reset_counts()["s3_requests.part.200"], 2);
  EXPECT_TRUE(object(bytes) == bytes);
  EXPECT_EQ(in_s3(), "1 objects, 0 open");
}

TEST_F(S3Store, BelievesWhatWasCompletedThoughTheAnswerWasLost) {
  const auto bytes = large_bytes('c');
  static_cast<void>(upload_and_settle("a", bytes));
  ASSERT_EQ(store(bytes), "completed");
  execute("update content set state = 'staged', node = 'a', multipart_id = 'gone'");
  static_cast<void>(base::reset_counts());
  EXPECT_EQ(store(bytes), "completed");
  EXPECT_EQ(base::reset_counts()["s3_requests.part.200"], 0);
  EXPECT_EQ(state_of(bytes), "stored s3");
}

TEST_F(S3Store, SaysThatBytesAreLostThatAreNeitherHereNorThere) {
  const auto bytes = large_bytes('d');
  static_cast<void>(upload_and_settle("a", bytes));
  disk_->remove(base::sha256(bytes));
  EXPECT_EQ(store(bytes), "completed");
  EXPECT_EQ(state_of(bytes), "lost s3");
  static_cast<void>(upload_and_settle("b", bytes));
  EXPECT_EQ(store(bytes), "completed");
  EXPECT_EQ(state_of(bytes), "stored s3");
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Store, PausesAndSaysSoWhereS3Refuses) {
  const auto right = config_.files.s3.credentials_file;
  use_wrong_key();
  const auto file = upload_and_settle("a", "hello");
  EXPECT_FALSE(file.is_stored);
  EXPECT_TRUE(is_there("hello"));
  EXPECT_EQ(store("hello"), "verified");
  const auto pause = files::s3_pause(connection_);
  ASSERT_TRUE(pause);
  EXPECT_NE(pause->reason.find("SignatureDoesNotMatch"), std::string::npos) << pause->reason;
  std::vector<base::Diagnosis> diagnoses;
  config::Config config = config_;
  files::diagnose(connection_, config, diagnoses);
  EXPECT_TRUE(std::ranges::any_of(diagnoses, [](const base::Diagnosis& found) {
    return found.health == base::Health::problem &&
           found.message.find("SignatureDoesNotMatch") != std::string::npos;
  }));
  config_.files.s3.credentials_file = right;
  execute("update file_s3_pause set not_before = now(); update operation set run_at = now()");
  EXPECT_EQ(store("hello"), "completed");
  EXPECT_EQ(state_of("hello"), "stored s3");
  EXPECT_FALSE(files::s3_pause(connection_));
}

TEST_F(S3Store, MovesContentsToS3AndBack) {
  config_.files.storage = "disk";
  static_cast<void>(upload("a", "hello"));
  EXPECT_EQ(state_of("hello"), "stored disk");
  EXPECT_EQ(files::begin_move_to_s3(connection_, "a", 10).size(), 1U);
  EXPECT_TRUE(is_there("hello"));
  EXPECT_EQ(store("hello"), "completed");
  EXPECT_EQ(state_of("hello"), "stored s3");
  EXPECT_FALSE(is_there("hello"));
  EXPECT_TRUE(verify().is_clean());
  EXPECT_EQ(storing::move_to_disk(connection_, *disk_, *client_, config_.files, placed("hello"),
                                  [](std::string_view) {}),
            storing::Moved::done);
  EXPECT_EQ(state_of("hello"), "stored disk");
  EXPECT_TRUE(is_there("hello"));
  EXPECT_EQ(in_s3(), "0 objects, 0 open");
  EXPECT_TRUE(verify().is_clean());
}

TEST_F(S3Store, MovesNothingBackThatIsNotRight) {
  static_cast<void>(upload_and_settle("a", "hello"));
  client_->remove(key("hello"));
  EXPECT_EQ(storing::move_to_disk(connection_, *disk_, *client_, config_.files, placed("hello"),
                                  [](std::string_view) {}),
            storing::Moved::lost);
  EXPECT_EQ(state_of("hello"), "stored s3");
}

}  // namespace s3_store_test
}  // namespace devy::cleanup
