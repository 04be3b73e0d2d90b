// Bytes that are read again, found lost, and healed.
#include <filesystem>

#include "tests/integration/files/cleanup/cleanup_fixture.hpp"

namespace devy::cleanup {
namespace scrub_test {

using Scrub = CleanupFixture;

TEST_F(Scrub, ReadsOnlyWhatWasNotReadForAMonth) {
  static_cast<void>(upload("a", "hello"));
  std::filesystem::remove(place("hello"));
  EXPECT_EQ(run(files::scrub_kind), "completed");
  EXPECT_EQ(value("select state from content"), "stored");
  execute("update content set verified_at = now() - interval '31 days'");
  EXPECT_EQ(run(files::scrub_kind), "completed");
  EXPECT_EQ(value("select state from content"), "lost");
}

TEST_F(Scrub, FindsOtherBytesOfTheSameSizeAndTheUploadOfTheSameHealsThem) {
  const auto file = upload("a", "hello").files.front();
  static_cast<void>(upload("b", "right"));
  std::filesystem::permissions(place("hello"), std::filesystem::perms::owner_all);
  devy::testing::write_text(place("hello"), "hell0");
  execute("update content set verified_at = null");
  EXPECT_EQ(run(files::scrub_kind), "completed");
  EXPECT_EQ(value("select string_agg(state, ' ' order by state) from content"), "lost stored");
  EXPECT_EQ(files::find_file(connection_, file.id)->content_state, "lost");
  // Even where the same owner has the same file already.
  receive::Batch batch(config_.files, *disk_, {owner_, false, true});
  batch.begin_file();
  batch.write("hello");
  batch.end_file("a", "");
  static_cast<void>(batch.store(connection_));
  EXPECT_EQ(files::find_file(connection_, file.id)->content_state, "stored");
  EXPECT_TRUE(is_clean());
}

TEST_F(Scrub, EndsWhenEverythingWasRead) {
  static_cast<void>(upload("a", "hello"));
  static_cast<void>(upload("b", "world"));
  execute("update content set verified_at = null");
  EXPECT_EQ(run(files::scrub_kind), "completed");
  EXPECT_EQ(value("select count(*) from content where verified_at > now() - interval '1 minute'"),
            "2");
}

}  // namespace scrub_test
}  // namespace devy::cleanup
