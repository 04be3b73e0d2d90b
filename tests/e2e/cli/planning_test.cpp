#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"
#include "tests/support/git/git_run.hpp"

// What an author learns before and after publishing: `check`, `diff`, `posts` and `post show` say
// the same of one post.

namespace devy::testing {
namespace planning_test {

using Keys = std::vector<std::string>;

class PlanningCommands : public BlogFixture {
 protected:
  void publish() {
    author_.commit();
    const auto result = run({"trigger", "alice/blog", "--here"});
    EXPECT_EQ(result.status, 0) << result.err;
  }
  // The element with that path.
  static nlohmann::ordered_json of_path(const nlohmann::ordered_json& posts,
                                        const std::string& path) {
    for (const auto& post : posts)
      if (post["path"] == path) return post;
    return {};
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(PlanningCommands, ShowsInCheckWhatEachFileWillBecome) {
  author_.write_file("devy.toml", "timezone = \"Asia/Tokyo\"\n");
  author_.write_file("hello.md", "---\ndate: 2024-01-02\n---\n# Hello\n\nFour words are here.\n");
  author_.write_file("draft.md", "---\ndraft: true\n---\n# Draft\n");
  author_.write_file("future.md", "---\ndate: 2999-01-01 00:00\nslug: Far Away\n---\n# Future\n");
  author_.write_file("over.md", "---\nexpires: 2021-01-01\naliases: /was/here.html\n---\n# Over\n");
  const auto document = json({"check", author_.folder()});
  const auto hello = of_path(document["posts"], "hello.md");
  EXPECT_EQ(hello["state"], "visible");
  EXPECT_EQ(hello["date"], "2024-01-02");
  EXPECT_EQ(hello["word_count"], 4);
  EXPECT_EQ(hello["reading_minutes"], 1);
  EXPECT_EQ(of_path(document["posts"], "draft.md")["state"], "draft");
  EXPECT_EQ(of_path(document["posts"], "draft.md")["date"], nullptr);
  const auto future = of_path(document["posts"], "future.md");
  EXPECT_EQ(future["state"], "scheduled");
  EXPECT_EQ(future["slug"], "far-away");
  EXPECT_EQ(future["date"], "2998-12-31T15:00:00.000Z");
  EXPECT_EQ(of_path(document["posts"], "over.md")["state"], "expired");
  EXPECT_EQ(of_path(document["posts"], "over.md")["expires_at"], "2020-12-31T15:00:00.000Z");
  EXPECT_EQ(document["redirects"],
            nlohmann::ordered_json::parse(
                R"([{"from":"was/here","to":"over","path":"over.md","is_alias":true}])"));
  const auto list = run({"check", author_.folder(), "--list"}).out;
  EXPECT_TRUE(has(list, "hello.md  /hello  Hello  (2024-01-02, 4 words)\n")) << list;
  EXPECT_TRUE(has(list, "draft.md  /draft  Draft  (draft, 0 words)\n")) << list;
  EXPECT_TRUE(has(list, "(2998-12-31T15:00:00.000Z, scheduled, 0 words)\n")) << list;
  EXPECT_TRUE(has(list, "/was/here -> /over  (over.md)\n")) << list;
}

TEST_F(PlanningCommands, ExitsWithTenWhenAStrictCheckFindsAWarning) {
  EXPECT_EQ(run({"check", author_.folder(), "--strict"}).status, 0);
  author_.write_file("hello.md", "---\nlang: Klingon!\n---\n# Hello\n");
  EXPECT_EQ(run({"check", author_.folder()}).status, 0);
  const auto strict = run({"check", author_.folder(), "--strict"});
  EXPECT_EQ(strict.status, 10);
  EXPECT_TRUE(strict.out.starts_with("hello.md:2:7: warning: 'lang' is left out")) << strict.out;
  EXPECT_EQ(json({"check", author_.folder(), "--strict"}, 10)["warnings"].size(), 1U);
}

TEST_F(PlanningCommands, ChecksAFolderThatIsNoRepository) {
  write_text(folder_ / "plain/posts/a.md", "# A\n");
  write_text(folder_ / "plain/b.md", "---\nslug: posts/c\n---\n# B\n");
  write_text(folder_ / "plain/c.md", "---\nslug: posts/c\n---\n# C\n");
  write_text(folder_ / "plain/d.md", "---\ntitle: [\n---\n# D\n");
  const auto result = run({"check", folder_ / "plain", "--list"});
  EXPECT_EQ(result.status, 10);
  EXPECT_TRUE(has(result.out,
                  "c.md:2:7: warning: slug 'posts/c' is already taken by 'b.md'; this "
                  "post is published as 'c'"))
      << result.out;
  EXPECT_TRUE(has(result.out, "b.md  /posts/c  B  (0 words)\n")) << result.out;
  EXPECT_TRUE(has(result.out, "c.md  /c  C  (0 words)\n")) << result.out;
}

TEST_F(PlanningCommands, RefusesARepositoryWithSha256NamesAndSaysWhy) {
  testing::git({"init", "-q", "--object-format=sha256", folder_ / "long"});
  write_text(folder_ / "long/a.md", "# A\n");
  const auto checked = run({"check", folder_ / "long"});
  EXPECT_NE(checked.status, 0);
  EXPECT_TRUE(has(checked.err, "SHA-256 names")) << checked.err;
  testing::git({"init", "-q", "--bare", "--object-format=sha256", folder_ / "blog2.git"});
  database_.execute("update devy.repository set url = 'file://" + (folder_ / "blog2.git") + "'");
  EXPECT_TRUE(has(run({"diff", "alice/blog"}).err, "SHA-256 names"));
  EXPECT_NE(run({"trigger", "alice/blog", "--here"}).status, 0);
  const auto upload = json({"inspect", "@last"});
  EXPECT_EQ(upload["state"], "failed");
  EXPECT_EQ(upload["error"]["code"], "object_format_unsupported");
  EXPECT_EQ(upload["attempt"], 1);
}

TEST_F(PlanningCommands, ShowsInDiffWhatWillRedirectAndWhatIsHeld) {
  publish();
  author_.rename("hello.md", "greetings.md");
  author_.write_file(
      "second.md", "---\ndate: 2999-01-01\naliases: [/old, /greetings]\n---\n# Second\n\nMore.\n");
  author_.commit();
  const auto document = json({"diff", "alice/blog"});
  EXPECT_EQ(document["held"], nullptr);
  EXPECT_EQ(of_path(document["posts"], "second.md")["state"], "scheduled");
  EXPECT_EQ(of_path(document["posts"], "greetings.md")["slug"], "greetings");
  ASSERT_EQ(document["redirects"].size(), 2U);
  EXPECT_EQ(document["redirects"][0]["from"], "hello");
  EXPECT_EQ(document["redirects"][0]["to"], "greetings");
  EXPECT_EQ(document["redirects"][1]["from"], "old");
  ASSERT_EQ(document["warnings"].size(), 1U);
  EXPECT_EQ(document["warnings"][0]["path"], "second.md");
  const auto text = run({"diff", "alice/blog"});
  EXPECT_TRUE(has(text.out, "M second.md\n    /second  Second  (2999-01-01, scheduled, 1 word)\n"))
      << text.out;
  EXPECT_TRUE(has(text.out, "> /hello -> /greetings  (greetings.md)\n")) << text.out;
  EXPECT_TRUE(has(text.out,
                  "second.md: warning: alias '/greetings' leads nowhere: "
                  "'greetings.md' has that address\n"))
      << text.out;
  // It came as it was told.
  publish();
  EXPECT_EQ(json({"post", "show", "alice/blog", "hello"})["slug"], "greetings");
  EXPECT_EQ(json({"post", "show", "alice/blog", "old"})["slug"], "second");
  EXPECT_EQ(json({"post", "show", "alice/blog", "https://old.example/Old.html"})["slug"], "second");
  author_.remove_file("greetings.md");
  author_.remove_file("second.md");
  author_.write_file("devy.toml", "");
  author_.commit();
  EXPECT_TRUE(has(json({"diff", "alice/blog"})["held"].get<std::string>(), "2 of 2 posts"));
  EXPECT_TRUE(has(run({"diff", "alice/blog"}).err, "it would be held: ")) << "text";
}

TEST_F(PlanningCommands, ShowsInPostsTheDatesAndTheTokenOfADraft) {
  author_.write_file("hello.md",
                     "---\ndate: 2024-01-02\nupdated: 2024-02-03 04:05\nlang: de\n"
                     "author: Ann\n---\n# Hello\n\nTwo words.\n");
  author_.write_file("draft.md", "---\ndraft: true\n---\n# Draft\n");
  author_.write_file("future.md", "---\ndate: 2999-01-01\n---\n# Future\n");
  author_.write_file("over.md", "---\ndate: 2020-01-01\nexpires: 2021-01-01\n---\n# Over\n");
  publish();
  const auto posts = json({"posts", "alice/blog", "--drafts"});
  const auto hello = of_path(posts, "hello.md");
  EXPECT_EQ(hello["date"], "2024-01-02");
  EXPECT_EQ(hello["published_at"], "2024-01-02T00:00:00.000Z");
  EXPECT_EQ(hello["updated"], "2024-02-03T04:05:00.000Z");
  EXPECT_EQ(hello["authors"], nlohmann::ordered_json::array({"Ann"}));
  EXPECT_EQ(hello["lang"], "de");
  EXPECT_EQ(hello["word_count"], 2);
  EXPECT_EQ(hello["preview_token"], nullptr);
  const auto token = of_path(posts, "draft.md")["preview_token"].get<std::string>();
  EXPECT_EQ(token.size(), 32U);
  EXPECT_EQ(json({"post", "show", "alice/blog", "draft"})["preview_token"], token);
  EXPECT_TRUE(has(run({"post", "show", "alice/blog", "draft"}).out, "preview  token " + token));
  EXPECT_FALSE(has(run({"posts", "alice/blog", "--json"}).out, token));
  EXPECT_EQ(of_path(posts, "future.md")["visible"], false);
  const auto table = run({"posts", "alice/blog", "--drafts"}).out;
  EXPECT_TRUE(has(table, "2024-01-02 ")) << table;
  for (const char* note : {"draft", "scheduled", "expired"})
    EXPECT_TRUE(has(table, note)) << table;
}

}  // namespace planning_test
}  // namespace devy::testing
