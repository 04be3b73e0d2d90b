#include "core/publishing/plan/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/platform/base/error.hpp"

namespace devy::plan {
namespace plan_test {

using snapshot::ChangeKind;
using Lines = std::vector<std::string>;

// A blog and one changeset on the way to a plan.
class Plan : public ::testing::Test {
 protected:
  void known(const std::string& path, const std::string& slug) {
    known_.push_back({base::PostId::trusted("id-of-" + path), path, slug, {}, "o"});
  }
  // An empty slug: the path decides.
  void change(ChangeKind kind, const std::string& path, const std::string& slug = "",
              const std::string& from = "") {
    changeset_.changes.push_back({kind, path, {}, from});
    std::optional<std::string> wanted;
    if (!slug.empty()) wanted = slug;
    if (kind != ChangeKind::deleted) rendered_.push_back({path, wanted, {}, rendered_.size()});
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

TEST_F(Plan, LeavesASlugToItsOwnerBeforeAnEarlierPath) {
  known("z.md", "s");
  change(ChangeKind::created, "a.md", "s");
  change(ChangeKind::updated, "z.md", "s");
  EXPECT_EQ(writes(), Lines{"u z.md=s"});
  EXPECT_EQ(problems(), Lines{"a.md: slug 's' is already taken by 'z.md'"});
}

TEST_F(Plan, KeepsTheSlugOfAnUnchangedPost) {
  known("z.md", "s");
  change(ChangeKind::created, "a.md", "s");
  EXPECT_EQ(writes(), Lines());
  EXPECT_EQ(problems(), Lines{"a.md: slug 's' is already taken by 'z.md'"});
}

TEST_F(Plan, GivesTheSlugOfADeletedPostToTheNext) {
  known("z.md", "s");
  change(ChangeKind::created, "a.md", "s");
  change(ChangeKind::deleted, "z.md");
  EXPECT_EQ(writes(), Lines{"c a.md=s"});
}

TEST_F(Plan, AllowsASwapOfSlugs) {
  known("a.md", "one");
  known("b.md", "two");
  change(ChangeKind::updated, "a.md", "two");
  change(ChangeKind::updated, "b.md", "one");
  EXPECT_EQ(writes(), (Lines{"u a.md=two<one", "u b.md=one<two"}));
}

TEST_F(Plan, ReturnsItsOldSlugToADisplacedPost) {
  known("a.md", "one");
  known("b.md", "two");
  known("c.md", "three");
  change(ChangeKind::updated, "a.md", "three");  // kept by c, so a needs "one" again
  change(ChangeKind::updated, "b.md", "one");    // which then is not free, so b needs "two"
  change(ChangeKind::created, "d.md", "two");
  EXPECT_EQ(writes(), Lines());
  EXPECT_EQ(problems(), (Lines{"a.md: slug 'three' is already taken by 'c.md'",
                               "b.md: slug 'one' is already taken by 'a.md'",
                               "d.md: slug 'two' is already taken by 'b.md'"}));
}

TEST_F(Plan, GivesTheSameResultForAnyOrderOfAChain) {
  known("y.md", "one");
  known("z.md", "three");
  change(ChangeKind::created, "a.md", "one");
  change(ChangeKind::updated, "y.md", "three");
  EXPECT_EQ(writes(), Lines());
  EXPECT_EQ(problems(), (Lines{"a.md: slug 'one' is already taken by 'y.md'",
                               "y.md: slug 'three' is already taken by 'z.md'"}));
}

TEST_F(Plan, ReservesTheSlugOfAPostWhoseFileIsInError) {
  known("a.md", "a");
  broken(ChangeKind::updated, "a.md");
  change(ChangeKind::created, "b.md", "a");
  EXPECT_EQ(writes(), Lines());
  EXPECT_EQ(plan_.problems.size(), 2U);
}

TEST_F(Plan, MovesThePostOfAMovedFileInError) {
  known("a.md", "a");
  broken(ChangeKind::renamed, "b.md", "a.md");
  EXPECT_EQ(writes(), Lines());
  ASSERT_EQ(plan_.relocations.size(), 1U);
  EXPECT_EQ(plan_.relocations[0].path, "b.md");
  EXPECT_TRUE(plan_.deletes.empty());
}

TEST_F(Plan, GivesEverySlugOneOwner) {
  for (int i = 0; i < 30; ++i)
    known("p" + std::to_string(i) + ".md", "s" + std::to_string(i));
  for (int i = 0; i < 30; ++i)
    change(ChangeKind::updated, "p" + std::to_string(i) + ".md", "s" + std::to_string(i * 7 % 11));
  static_cast<void>(writes());
  std::vector<std::string> slugs;
  for (const auto& write : plan_.writes)
    slugs.push_back(write.slug);
  for (const auto& problem : plan_.problems) {
    const auto post = std::ranges::find(known_, problem.error.path, &KnownPost::path);
    slugs.push_back(post->slug);
  }
  std::ranges::sort(slugs);
  EXPECT_EQ(std::ranges::adjacent_find(slugs), slugs.end());
  EXPECT_EQ(slugs.size(), 30U);
}

TEST_F(Plan, ReportsAMissingRenderingAsABug) {
  changeset_.changes.push_back({ChangeKind::created, "a.md", {}, ""});
  EXPECT_THROW(static_cast<void>(writes()), base::Error);
}

}  // namespace plan_test
}  // namespace devy::plan
