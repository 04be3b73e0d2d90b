#include "core/publishing/plan/link_resolver.hpp"

#include <gtest/gtest.h>

#include <map>

#include "core/publishing/markdown/anchor.hpp"
#include "core/publishing/markdown/link_url.hpp"

namespace devy::plan {
namespace link_resolver_test {

using Use = markdown::FileLink::Use;
using Kind = TreePlace::Kind;

class LinkResolverTest : public ::testing::Test {
 protected:
  // A URL of the page, as an author writes it in a file of the repository's root.
  Resolution resolve(Use use, const std::string& url) const {
    const LinkSources sources{
        [&](const std::string& path, const std::string& fragment) -> std::optional<std::string> {
          if (path == "travel/rome.md") return "";  // nobody knows
          return markdown::find_anchor({"part", "\u00fcber"}, fragment);
        },
        [&](const std::string& path) {
          const auto found = tree_.find(path);
          return found == tree_.end() ? TreePlace{} : TreePlace{found->second, {}};
        },
        [&](const std::string& path, const snapshot::BlobId&) -> AssetAnswer {
          if (path == "large.bin") return "the file is too large";
          return base::sha256("");
        }};
    const auto parsed = markdown::parse_link_url(url, "x.md");
    markdown::FileLink link;
    link.use = use;
    link.target = parsed.target;
    link.fragment = parsed.fragment;
    link.is_rooted = parsed.is_rooted;
    return LinkResolver({"alice", "notes"}, posts_, settings_, sources).resolve(link);
  }
  std::string page(const std::string& url) const { return text(resolve(Use::page, url)); }
  std::string image(const std::string& url) const { return text(resolve(Use::resource, url)); }
  // The URL, and what is said about it.
  static std::string text(const Resolution& resolution) {
    const auto separator = resolution.url && !resolution.problem.empty() ? " " : "";
    return resolution.url.value_or("") + separator + resolution.problem;
  }

  LinkSettings settings_;
  std::vector<PostPlace> posts_{{"a.md", "first"},
                                {"content/b.md", "b", {"old/b", "first", "both"}},
                                {"content/c.md", "c", {"both"}},
                                {"docs/README.md", "docs-readme"},
                                {"docs/_index.md", "docs-section"},
                                {"docs/index.markdown", "docs"},
                                {"old/readme.md", "old"},
                                {"section/_index.md", "section"},
                                {"travel/rome.md", "travel/rom über alles"}};
  std::map<std::string, Kind> tree_{{"a.md", Kind::file},
                                    {"docs", Kind::folder},
                                    {"old", Kind::folder},
                                    {".", Kind::folder},
                                    {"img", Kind::folder},
                                    {"img/x y.png", Kind::file},
                                    {"README.md", Kind::file},
                                    {"link.png", Kind::symlink},
                                    {"theme", Kind::submodule},
                                    {"large.bin", Kind::file},
                                    {"huge/a.md", Kind::unreadable},
                                    {"travel/rome.md", Kind::file},
                                    {"section", Kind::folder},
                                    {"b", Kind::folder},
                                    {"static/img/s.png", Kind::file},
                                    {"static/f.pdf", Kind::file},
                                    {"public/img/s.png", Kind::file},
                                    {"content", Kind::folder},
                                    {"static/c.md", Kind::file}};
  const std::string asset_ =
      "/assets/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/";
};

TEST_F(LinkResolverTest, LeadsToThePostOfAFileOrOfAFolder) {
  EXPECT_EQ(page("a.md"), "/alice/notes/first");
  EXPECT_EQ(page("travel/rome.md"), "/alice/notes/travel/rom%20%C3%BCber%20alles");
  EXPECT_EQ(page("docs"), "/alice/notes/docs");
  EXPECT_EQ(page("docs/"), "/alice/notes/docs");
  EXPECT_EQ(page("old"), "/alice/notes/old");
  EXPECT_EQ(page("section"), "/alice/notes/section");
}

TEST_F(LinkResolverTest, LeadsToTheFrontPageWhereTheRootHasNoPage) {
  for (const auto* url : {"/", "./", "docs/..", "/index.html"})
    EXPECT_EQ(page(url), "/alice/notes") << url;
  settings_.root = "content";
  EXPECT_EQ(page("content/"), "/alice/notes");
  posts_.push_back({"index.md", "index"});
  EXPECT_EQ(page("/"), "/alice/notes/index");
}

TEST_F(LinkResolverTest, LeadsFromAnAddressOfTheBlogToItsPost) {
  settings_.root = "content";
  EXPECT_EQ(page("/c"), "/alice/notes/c");
  EXPECT_EQ(page("/c/"), "/alice/notes/c");
  EXPECT_EQ(page("/C.html"), "/alice/notes/c");
  EXPECT_EQ(page("/c/#part"), "/alice/notes/c#user-content-part");
  EXPECT_EQ(page("/b/"), "/alice/notes/b");  // a folder without a page
  EXPECT_EQ(page("/old/b/"), "/alice/notes/b");
  EXPECT_EQ(page("/first/"), "/alice/notes/first") << "a page comes before an alias";
  EXPECT_EQ(page("/both"), "/alice/notes/b");
  EXPECT_EQ(page("/docs"), "/alice/notes/docs");
  // As on GitHub, nothing else is an address: from a folder it means a file.
  EXPECT_EQ(page("c"), "link to 'c': no such file");
  EXPECT_EQ(page("/c.md"), "link to 'c.md': no such file");
  EXPECT_EQ(image("/c"), "image 'c': no such file");
}

TEST_F(LinkResolverTest, LooksIntoTheStaticFolders) {
  EXPECT_EQ(image("/img/s.png"), "image 'img/s.png': no such file");
  settings_.static_folders = {"static", "public"};
  EXPECT_EQ(resolve(Use::resource, "/img/s.png").asset, "static/img/s.png");
  EXPECT_EQ(image("/img/x%20y.png"), asset_ + "x%20y.png");
  EXPECT_EQ(page("/f.pdf#page=2&zoom=50"), asset_ + "f.pdf#page=2&amp;zoom=50");
  EXPECT_EQ(page("f.pdf"), "link to 'f.pdf': no such file");
  EXPECT_EQ(page("/c.md"), "link to 'c.md': no such file");
}

TEST_F(LinkResolverTest, LeadsToAnyOtherFileAsAnAsset) {
  EXPECT_EQ(page("img/x y.png"), asset_ + "x%20y.png");
  EXPECT_EQ(image("img/x y.png"), asset_ + "x%20y.png");
}

TEST_F(LinkResolverTest, LeadsToAPlaceOnAPostAsGitHubFindsIt) {
  EXPECT_EQ(page("a.md#part"), "/alice/notes/first#user-content-part");
  EXPECT_EQ(page("a.md#Part"), "/alice/notes/first#user-content-part");
  EXPECT_EQ(page("a.md#user-content-part"), "/alice/notes/first#user-content-part");
  EXPECT_EQ(page("a.md#%C3%BCber"), "/alice/notes/first#user-content-%C3%BCber");
  EXPECT_EQ(page("docs/#part"), "/alice/notes/docs#user-content-part");
  EXPECT_EQ(page("a.md#top"), "/alice/notes/first#top");
  EXPECT_EQ(page("a.md#"), "/alice/notes/first");
  EXPECT_EQ(page("travel/rome.md#\"x"),
            "/alice/notes/travel/rom%20%C3%BCber%20alles#user-content-%22x");
}

TEST_F(LinkResolverTest, LeadsToThePostWithoutAPlaceThatItHasNot) {
  EXPECT_EQ(page("a.md#none"),
            "/alice/notes/first link to 'a.md#none': the post has no such heading or anchor");
}

TEST_F(LinkResolverTest, SaysWhyThereIsNothing) {
  EXPECT_EQ(page("../x"), "a link leads out of the repository");
  EXPECT_EQ(image("../x"), "a link leads out of the repository");
  EXPECT_EQ(page("a"), "link to 'a': no such file");
  EXPECT_EQ(page("none.md"), "link to 'none.md': no such file");
  EXPECT_EQ(page("README.md"), "link to 'README.md': the file is there, but it is no post");
  EXPECT_EQ(page("img"),
            "link to 'img': the folder has no index.md, _index.md or README.md that is a post");
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
  const auto digest = link_digest({"alice", "notes"}, "files", {}, posts);
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(link_digest({"alice", "notes"}, "files", {}, posts), digest);
  EXPECT_NE(link_digest({"alice", "other"}, "files", {}, posts), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "other files", {}, posts), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {"docs", {}}, posts), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {".", {"static"}}, posts), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {}, {{"a.md", "a"}, {"b.md", "c"}}), digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {}, {{"a.md", "a"}, {"b.md", "b", {"x"}}}),
            digest);
  EXPECT_NE(link_digest({"alice", "notes"}, "files", {}, {{"a.md", "a"}}), digest);
}

TEST(CoverTarget, IsAPathOfTheRepositoryOrNothing) {
  EXPECT_EQ(cover_target("https://example.org/a.png", "posts/a.md"), std::nullopt);
  EXPECT_EQ(cover_target("img/a%20b.png", "posts/a.md"),
            (Cover{"posts/img/a b.png", std::nullopt, false}));
  EXPECT_EQ(cover_target("/img/a.png", "posts/a.md"), (Cover{"img/a.png", std::nullopt, true}));
  EXPECT_EQ(cover_target("../../a.png", "posts/a.md"), (Cover{"", std::nullopt, false}));
}

}  // namespace link_resolver_test
}  // namespace devy::plan
