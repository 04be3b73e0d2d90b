#include "core/publishing/plan/link_resolver.hpp"

#include <gtest/gtest.h>

#include <map>

namespace devy::plan {
namespace link_resolver_test {

using Use = markdown::FileLink::Use;
using Kind = TreePlace::Kind;

class LinkResolverTest : public ::testing::Test {
 protected:
  Resolution resolve(Use use, const std::string& target) const {
    const LinkSources sources{
        [&](const std::string& path) {
          const auto found = tree_.find(path);
          return found == tree_.end() ? TreePlace{} : TreePlace{found->second, {}};
        },
        [&](const std::string& path, const snapshot::BlobId&) -> AssetAnswer {
          if (path == "large.bin") return "the file is too large";
          return base::sha256("");
        }};
    return LinkResolver({"alice", "notes"}, posts_, sources).resolve(use, target);
  }
  std::string page(const std::string& target) const { return text(resolve(Use::page, target)); }
  std::string image(const std::string& target) const {
    return text(resolve(Use::resource, target));
  }
  static std::string text(const Resolution& resolution) {
    EXPECT_EQ(resolution.url.has_value(), resolution.problem.empty());
    return resolution.url.value_or(resolution.problem);
  }

  std::vector<PostPlace> posts_{{"a.md", "first"},
                                {"docs/index.md", "docs"},
                                {"index.md", "index"},
                                {"old/README.md", "old"},
                                {"travel/rome.md", "travel/rom über alles"}};
  std::map<std::string, Kind> tree_{
      {"a.md", Kind::file},      {"docs", Kind::folder},          {"old", Kind::folder},
      {".", Kind::folder},       {"img", Kind::folder},           {"img/x y.png", Kind::file},
      {"README.md", Kind::file}, {"link.png", Kind::symlink},     {"theme", Kind::submodule},
      {"large.bin", Kind::file}, {"huge/a.md", Kind::unreadable}, {"travel/rome.md", Kind::file}};
  const std::string asset_ =
      "/assets/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/";
};

TEST_F(LinkResolverTest, LeadsToThePostOfAFileOrOfAFolder) {
  EXPECT_EQ(page("a.md"), "/alice/notes/first");
  EXPECT_EQ(page("travel/rome.md"), "/alice/notes/travel/rom%20%C3%BCber%20alles");
  EXPECT_EQ(page("docs"), "/alice/notes/docs");
  EXPECT_EQ(page("old"), "/alice/notes/old");
  EXPECT_EQ(page("."), "/alice/notes/index");
}

TEST_F(LinkResolverTest, LeadsToAnyOtherFileAsAnAsset) {
  EXPECT_EQ(page("img/x y.png"), asset_ + "x%20y.png");
  EXPECT_EQ(image("img/x y.png"), asset_ + "x%20y.png");
}

TEST_F(LinkResolverTest, SaysWhyThereIsNothing) {
  EXPECT_EQ(page(""), "a link leads out of the repository");
  EXPECT_EQ(image(""), "a link leads out of the repository");
  EXPECT_EQ(page("a"), "link to 'a': no such file");
  EXPECT_EQ(page("none.md"), "link to 'none.md': no such file");
  EXPECT_EQ(page("README.md"), "link to 'README.md': the file is there, but it is no post");
  EXPECT_EQ(page("img"), "link to 'img': the folder has no index.md that is a post");
  EXPECT_EQ(page("link.png"), "link to 'link.png': a symbolic link is not followed");
  EXPECT_EQ(page("huge/a.md"), "link to 'huge/a.md': its folder is too large to be looked into");
  EXPECT_EQ(page("large.bin"), "link to 'large.bin': the file is too large");
  EXPECT_EQ(image("none.png"), "image 'none.png': no such file");
  EXPECT_EQ(image("img"), "image 'img': it is a folder");
  EXPECT_EQ(image("a.md"), "image 'a.md': a Markdown file is no image");
  EXPECT_EQ(image("theme"), "image 'theme': a submodule is not published");
}

PublishPlan plan_of(std::vector<Write> writes) {
  PublishPlan plan;
  plan.writes = std::move(writes);
  return plan;
}

std::string text(const std::vector<PostPlace>& places) {
  std::string all;
  for (const auto& place : places)
    all += place.path + "=" + place.slug + " ";
  return all;
}

base::PostId id(char digit) {
  return base::PostId::trusted("00000000-0000-4000-8000-00000000000" + std::string(1, digit));
}

TEST(PlacesAfter, ContainsWhatStaysAndWhatIsWritten) {
  const std::vector<KnownPost> known{{id('1'), "stays.md", "stays", {}, ""},
                                     {id('2'), "goes.md", "goes", {}, ""},
                                     {id('3'), "old.md", "old", {}, ""},
                                     {id('4'), "broken.md", "broken", {}, ""}};
  auto plan = plan_of({{snapshot::ChangeKind::renamed, "new.md", "new", {}, 0, id('3'), "old"},
                       {snapshot::ChangeKind::created, "added.md", "added", {}, 1, {}, {}}});
  plan.deletes = {id('2')};
  plan.relocations = {{id('4'), "moved.md"}};
  EXPECT_EQ(text(places_after(known, plan)),
            "added.md=added moved.md=broken new.md=new stays.md=stays ");
}

TEST(LinkDigest, ChangesWithWhateverALinkMayLeadTo) {
  const std::vector<PostPlace> posts{{"a.md", "a"}, {"b.md", "b"}};
  const auto digest = link_digest({"alice", "notes"}, "files", posts);
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(link_digest({"alice", "notes"}, "files", posts), digest);
  EXPECT_NE(link_digest({"alice", "other"}, "files", posts), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "other files", posts), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {{"a.md", "a"}, {"b.md", "c"}}), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {{"a.md", "a"}}), digest);
}

TEST(CoverTarget, IsAPathOfTheRepositoryOrNothing) {
  EXPECT_EQ(cover_target("https://example.org/a.png", "posts/a.md"), std::nullopt);
  EXPECT_EQ(cover_target("img/a%20b.png", "posts/a.md"), "posts/img/a b.png");
  EXPECT_EQ(cover_target("/img/a.png", "posts/a.md"), "img/a.png");
  EXPECT_EQ(cover_target("../../a.png", "posts/a.md"), "");
}

}  // namespace link_resolver_test
}  // namespace devy::plan
