#include "core/publishing/plan/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/publishing/plan/slug_allocator.hpp"

namespace devy::plan {
namespace plan_test {

using snapshot::ChangeKind;
using Lines = std::vector<std::string>;

// A blog and one changeset on the way to a plan.
class Plan : public ::testing::Test {
 protected:
  // `written` is the slug of its front matter; without one the path decided.
  void known(const std::string& path, const std::string& slug, const std::string& written = "") {
    known_.push_back({base::PostId::trusted("id-of-" + path), path, slug, {}, "o"});
    const auto words = written.empty() ? std::nullopt : std::optional(written);
    known_.back().slug_basis = slug_basis(under_root(path, root_), words, {});
  }
  // An empty slug: the path decides.
  void change(ChangeKind kind, const std::string& path, const std::string& slug = "",
              const std::string& from = "") {
    changeset_.changes.push_back({kind, path, {}, from});
    std::optional<std::string> wanted;
    if (!slug.empty()) wanted = slug;
    if (kind == ChangeKind::deleted) return;
    auto& file = rendered_.emplace_back();
    file.path = path;
    file.slug = wanted;
    file.slug_line = file.slug_column = 2;
    file.document = rendered_.size() - 1;
  }
  void broken(ChangeKind kind, const std::string& path, const std::string& from = "") {
    change(kind, path, "", from);
    rendered_.back().error = snapshot::FileError{path, 1, 1, "broken"};
  }

  // "c path=slug", with "<old slug" where it changed.
  Lines writes() {
    plan_ = plan(changeset_, root_, rendered_, known_);
    Lines lines;
    for (const auto& write : plan_.writes)
      lines.push_back(std::string(to_string(write.kind).substr(0, 1)) + " " + write.path + "=" +
                      write.slug + (write.old_slug ? "<" + *write.old_slug : ""));
    return lines;
  }
  Lines problems() const {
    Lines lines;
    for (const auto& problem : plan_.problems)
      lines.push_back(to_string(problem.error));
    return lines;
  }
  Lines warnings() const {
    Lines lines;
    for (const auto& warning : plan_.warnings)
      lines.push_back(to_string(warning));
    return lines;
  }

  std::string root_ = ".";
  std::vector<KnownPost> known_;
  std::vector<RenderedFile> rendered_;
  snapshot::Changeset changeset_;
  PublishPlan plan_;
};

TEST_F(Plan, GivesNewFilesTheSlugOfTheirPathUnderTheRoot) {
  root_ = "docs";
  change(ChangeKind::created, "docs/notes/a.md");
  change(ChangeKind::created, "docs/z.md", "own");
  EXPECT_EQ(writes(), (Lines{"c docs/notes/a.md=notes/a", "c docs/z.md=own"}));
}

TEST_F(Plan, KeepsARenamedPostAndItsOldSlug) {
  known("a.md", "a");
  change(ChangeKind::renamed, "b.md", "", "a.md");
  EXPECT_EQ(writes(), Lines{"r b.md=b<a"});
  EXPECT_EQ(plan_.writes[0].post, base::PostId::trusted("id-of-a.md"));
}

TEST_F(Plan, CreatesAPostForARenamedFileWithoutOne) {
  change(ChangeKind::renamed, "b.md", "", "a.md");
  EXPECT_EQ(writes(), Lines{"c b.md=b"});
}

TEST_F(Plan, IgnoresADeletedFileWithoutAPost) {
  known("a.md", "a");
  change(ChangeKind::deleted, "a.md");
  change(ChangeKind::deleted, "never.md");
  EXPECT_EQ(writes(), Lines());
  EXPECT_EQ(plan_.deletes.size(), 1U);
}

TEST_F(Plan, LeavesAWrittenSlugToItsOwnerBeforeAnEarlierPath) {
  known("z.md", "s", "s");
  change(ChangeKind::created, "a.md", "s");
  change(ChangeKind::updated, "z.md", "s");
  EXPECT_EQ(writes(), (Lines{"c a.md=a", "u z.md=s"}));
  EXPECT_EQ(warnings(), Lines{"a.md:2:2: slug 's' is already taken by 'z.md'; this post is "
                              "published as 'a'"});
  EXPECT_EQ(problems(), Lines());
}

TEST_F(Plan, LeavesAWrittenSlugToAnUnchangedPost) {
  known("z.md", "s", "s");
  change(ChangeKind::created, "a.md", "s");
  EXPECT_EQ(writes(), Lines{"c a.md=a"});
  EXPECT_EQ(warnings().size(), 1U);
}

TEST_F(Plan, GivesAWrittenSlugToTheFirstOfTwoNewFiles) {
  change(ChangeKind::created, "a.md", "s");
  change(ChangeKind::created, "b.md", "s");
  EXPECT_EQ(writes(), (Lines{"c a.md=s", "c b.md=b"}));
}

TEST_F(Plan, GivesAWrittenSlugBeforeADerivedOne) {
  change(ChangeKind::created, "b.md");
  change(ChangeKind::created, "z.md", "b");
  EXPECT_EQ(writes(), (Lines{"c b.md=b-11dd481a", "c z.md=b"}));
  EXPECT_EQ(warnings(), Lines());
}

TEST_F(Plan, GivesThePlainSlugToThePlainestPath) {
  change(ChangeKind::created, "q/1-0.md");
  change(ChangeKind::created, "q/1.0.md");
  change(ChangeKind::created, "q/2024-01-02-1-0.md");
  EXPECT_EQ(writes(), (Lines{"c q/1-0.md=q/1-0", "c q/1.0.md=q/1-0-2d49993f",
                             "c q/2024-01-02-1-0.md=q/1-0-b1c9401f"}));
}

TEST_F(Plan, LeavesADerivedSlugAloneWhenItGivesAnEnding) {
  const auto digest = base::to_hex(base::sha256("a/B.md")).substr(0, 8);
  change(ChangeKind::created, "a/b.md");
  change(ChangeKind::created, "a/B.md");
  change(ChangeKind::created, "a/b-" + digest + ".md");
  change(ChangeKind::created, "z.md", "a/b-" + digest);
  Lines slugs;
  for (const auto& line : writes())
    slugs.push_back(line.substr(line.find('=')));
  std::ranges::sort(slugs);
  EXPECT_EQ(std::ranges::adjacent_find(slugs), slugs.end());
}

TEST_F(Plan, KeepsASlugWithEndingWhenTheNeighbourGoes) {
  known("1-0.md", "1-0");
  known("1.0.md", "1-0-12345678");
  change(ChangeKind::deleted, "1-0.md");
  change(ChangeKind::updated, "1.0.md");
  EXPECT_EQ(writes(), Lines{"u 1.0.md=1-0-12345678"});
}

TEST_F(Plan, KeepsThePlainSlugWhenAPlainerPathComes) {
  known("1.0.md", "1-0");
  change(ChangeKind::created, "1-0.md");
  change(ChangeKind::updated, "1.0.md");
  EXPECT_EQ(writes(), (Lines{"c 1-0.md=1-0-abbfd95c", "u 1.0.md=1-0"}));
}

TEST_F(Plan, KeepsTheSlugOfAnEarlierRule) {
  known("en/about.md", "about", "about");
  known("_posts/2020-01-02-a.md", "posts/2020-a");
  change(ChangeKind::updated, "_posts/2020-01-02-a.md");
  change(ChangeKind::updated, "en/about.md", "about");
  EXPECT_EQ(writes(), (Lines{"u _posts/2020-01-02-a.md=posts/2020-a", "u en/about.md=about"}));
}

TEST_F(Plan, KeepsTheSlugOfTheSameBytesWithoutABasis) {
  known("en/about.md", "about");
  known_.back().slug_basis = std::nullopt;
  change(ChangeKind::updated, "en/about.md", "about");
  EXPECT_EQ(writes(), Lines{"u en/about.md=about"});
  known_.back().blob.bytes[0] = 1;
  EXPECT_EQ(writes(), Lines{"u en/about.md=en/about<about"});
}

TEST_F(Plan, FollowsAChangeOfWhatIsWritten) {
  known("en/about.md", "about", "about");
  change(ChangeKind::updated, "en/about.md", "who");
  EXPECT_EQ(writes(), Lines{"u en/about.md=en/who<about"});
}

TEST_F(Plan, FollowsAChangeOfTheRoot) {
  known("docs/a.md", "docs/a");
  root_ = "docs";
  change(ChangeKind::updated, "docs/a.md");
  EXPECT_EQ(writes(), Lines{"u docs/a.md=a<docs/a"});
}

TEST_F(Plan, GivesTheSlugOfADeletedPostToTheNext) {
  known("z.md", "s", "s");
  change(ChangeKind::created, "a.md", "s");
  change(ChangeKind::deleted, "z.md");
  EXPECT_EQ(writes(), Lines{"c a.md=s"});
}

TEST_F(Plan, AllowsASwapOfSlugs) {
  known("a.md", "one", "one");
  known("b.md", "two", "two");
  change(ChangeKind::updated, "a.md", "two");
  change(ChangeKind::updated, "b.md", "one");
  EXPECT_EQ(writes(), (Lines{"u a.md=two<one", "u b.md=one<two"}));
}

TEST_F(Plan, PublishesALoserAtTheSlugOfItsPath) {
  known("a.md", "one", "one");
  known("b.md", "two", "two");
  known("c.md", "three", "three");
  change(ChangeKind::updated, "a.md", "three");  // c has it
  change(ChangeKind::updated, "b.md", "one");    // which is free now
  change(ChangeKind::created, "d.md", "two");    // and so is this
  EXPECT_EQ(writes(), (Lines{"u a.md=a<one", "u b.md=one<two", "c d.md=two"}));
  EXPECT_EQ(warnings(), Lines{"a.md:2:2: slug 'three' is already taken by 'c.md'; this post is "
                              "published as 'a'"});
}

TEST_F(Plan, ReservesTheSlugOfAPostWhoseFileIsInError) {
  known("a.md", "a");
  broken(ChangeKind::updated, "a.md");
  change(ChangeKind::created, "b.md", "a");
  EXPECT_EQ(writes(), Lines{"c b.md=b"});
  EXPECT_EQ(plan_.problems.size(), 1U);
}

TEST_F(Plan, MovesThePostOfAMovedFileInError) {
  known("a.md", "a");
  broken(ChangeKind::renamed, "b.md", "a.md");
  EXPECT_EQ(writes(), Lines());
  ASSERT_EQ(plan_.relocations.size(), 1U);
  EXPECT_EQ(plan_.relocations[0].path, "b.md");
  EXPECT_TRUE(plan_.deletes.empty());
}

TEST_F(Plan, ReportsAMissingRenderingAsABug) {
  changeset_.changes.push_back({ChangeKind::created, "a.md", {}, ""});
  EXPECT_THROW(static_cast<void>(writes()), base::Error);
}

}  // namespace plan_test
}  // namespace devy::plan
