// A repository that is large is fetched without its files; what a push changed is brought, and
// nothing comes out otherwise than when all of it is fetched. The oracle looks after each test.
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/reconcile/repair.hpp"
#include "core/publishing/upload/source.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace large_repository_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class LargeRepository : public UploadTest {
 protected:
  LargeRepository() {
    for (int i = 0; i < posts; ++i)
      write("post-" + std::to_string(i) + ".md", "# " + std::to_string(i) + "\n\ntext\n");
    write("photo.bin", noise(1'200'000));
    EXPECT_EQ(ending(push_and_publish()), "completed");
  }

  // That no packing makes smaller.
  static std::string noise(std::size_t bytes) {
    std::string text(bytes, '\0');
    std::uint32_t state = 1;
    for (auto& c : text) {
      state = state * 1'664'525U + 1'013'904'223U;
      c = static_cast<char>(state >> 24U);
    }
    return text;
  }
  // Pushes; what the server was asked for, and how the upload ended.
  std::string packs_of_push() {
    expect_head(push());
    const auto before = server_.counters().upload_packs;
    const auto upload = publish();
    EXPECT_EQ(ending(upload), "completed") << upload.error_text.value_or("");
    return std::to_string(server_.counters().upload_packs - before) + ": " + changes_text(upload);
  }
  [[nodiscard]] std::int64_t pack_bytes() const {
    return std::stoll(value("select pack_bytes from repository"));
  }

  static constexpr int posts = 20;
};

TEST_F(LargeRepository, IsRecognisedByItsFirstFetch) {
  EXPECT_GT(pack_bytes(), 1'200'000);
  EXPECT_LT(pack_bytes(), 1'300'000);
}

TEST_F(LargeRepository, FetchesOnlyWhatAPushChanged) {
  const auto before = row_version("post-4.md");
  write("post-3.md", "# 3\n\nother\n");
  EXPECT_EQ(packs_of_push(), "2: 0 1 0 0 19 0");
  EXPECT_EQ(row_version("post-4.md"), before);
  EXPECT_EQ(value("select markdown like '%other%' from post where path = 'post-3.md'"), "t");
  EXPECT_GT(pack_bytes(), 1'200'000);
}

TEST_F(LargeRepository, FetchesWhatMoved) {
  author_.rename("post-3.md", "moved.md");
  author_.remove_file("post-5.md");
  EXPECT_EQ(packs_of_push(), "2: 0 0 1 1 18 0");
}

TEST_F(LargeRepository, FetchesNoFileForAPushWithNothingToRead) {
  author_.remove_file("post-5.md");
  EXPECT_EQ(packs_of_push(), "1: 0 0 0 1 19 0");
}

TEST_F(LargeRepository, FetchesEverythingWhenTheSettingsChangeEverything) {
  write("devy.toml", "timezone = \"Asia/Tokyo\"\n");
  EXPECT_EQ(packs_of_push(), "3: 0 20 0 0 0 0");
  // Settings that stay are read again, since they decide what is read.
  write("post-3.md", "# 3\n\nother\n");
  EXPECT_EQ(packs_of_push(), "3: 0 1 0 0 19 0");
}

TEST_F(LargeRepository, FetchesAnAssetWhenAPostShowsIt) {
  write("post-3.md", "# 3\n\n![photo](photo.bin)\n");
  EXPECT_EQ(packs_of_push(), "3: 0 1 0 0 19 0");
  EXPECT_EQ(value("select length(bytes) from asset"), "1200000");
}

TEST_F(LargeRepository, FetchesTheFilesOfAPostTogether) {
  // With a date, so that nobody looks for that of its first commit.
  std::string text =
      "---\ndate: 2024-01-02\n---\n# Album\n\n[all](album.zip) [not there](none.zip) "
      "[other](post-1.md)\n";
  for (int i = 0; i < 5; ++i) {
    write("album/" + std::to_string(i) + ".png", "picture " + std::to_string(i));
    text += "\n![](album/" + std::to_string(i) + ".png)\n";
  }
  write("album.zip", "not really");
  write("album.md", text);
  EXPECT_EQ(packs_of_push(), "3: 1 0 0 0 20 0");
  EXPECT_EQ(value("select count(*) from asset"), "6");
}

TEST_F(LargeRepository, FetchesEverythingForAReplay) {
  write("post-3.md", "# 3\n\nother\n");
  expect_head(push());
  const auto id = record();
  EXPECT_EQ(ending(run(id)), "completed");
  const auto before = digest();
  queue::replay(connection_, id, {});
  execute("update repository set pack_bytes = " + std::to_string(pack_bytes() - 1));
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(digest(), before);
  // It has weighed it.
  EXPECT_GT(pack_bytes(), 1'200'000);
}

TEST_F(LargeRepository, FetchesEverythingForASecondAttempt) {
  write("post-3.md", "# 3\n\nother\n");
  expect_head(push());
  const auto id = record();
  server_.misbehave([](testing::Faults& faults) { faults.pack_bytes = 300; });
  const auto first = run(id);
  EXPECT_EQ(first.state, queue::State::verified);
  EXPECT_EQ(first.attempt, 1);
  server_.behave();
  // It would not come in parts.
  server_.misbehave([](testing::Faults& faults) { faults.knows_version_2 = false; });
  make_due();
  EXPECT_EQ(ending(run(id)), "completed");
}

TEST_F(LargeRepository, FetchesOnlyTheTreeForVerify) {
  const auto before = server_.counters().upload_packs;
  EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
  EXPECT_EQ(server_.counters().upload_packs, before + 1);
  execute("update post set blob = repeat('a', 40) where path = 'post-7.md'");
  const auto found = reconcile::verify(connection_, config_, blog(), {});
  EXPECT_EQ(found.different, Lines{"post-7.md"});
  // The repair of somebody's hand.
  EXPECT_EQ(ending(run(reconcile::record_repair(connection_, config_, blog(), "test"))),
            "completed");
}

}  // namespace large_repository_test
}  // namespace devy::upload
