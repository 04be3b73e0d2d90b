#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// What people and scripts are told of the files of a repository that are no posts.

namespace devy::testing {
namespace left_out_test {

using Document = nlohmann::ordered_json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class LeftOutReport : public BlogFixture {
 protected:
  LeftOutReport() {
    for (int i = 2; i < 14; ++i)
      author_.write_file("post" + std::to_string(i) + ".md", "# Post\n");
    author_.write_file("LICENSE.md", "# License\n");
    author_.write_file("drafts/a.md", "# Draft\n");
    author_.write_file("devy.toml", "ignore = [\"drafts/\"]\n");
  }
  void publish() {
    author_.commit();
    const auto result = run({"trigger", "alice/blog", "--here"});
    EXPECT_EQ(result.status, 0) << result.err;
  }
  const std::string line_ = "2 of 16 Markdown files left out: 1 LICENSE, 1 by ignore";
  const Document document_ =
      Document::parse(R"({"markdown_files":16,"left_out":2,"is_at_least":false,"counts":[)"
                      R"({"rule":"repository_file","name":"LICENSE","count":1},)"
                      R"({"rule":"ignore","name":"drafts/","count":1}]})");
};

TEST_F(LeftOutReport, CountsByRuleInCheck) {
  const auto result = run({"check", author_.folder(), "--strict"});
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(has(result.err, line_ + "\n")) << result.err;
  EXPECT_EQ(json({"check", author_.folder()})["left_out"], document_);
}

TEST_F(LeftOutReport, ListsEachFileWithItsRuleInCheck) {
  EXPECT_EQ(run({"check", author_.folder(), "--ignored"}).out,
            "LICENSE.md: left out: LICENSE is about the repository\n"
            "drafts/a.md: left out: by the pattern 'drafts/' of ignore\n");
  const auto document = json({"check", author_.folder(), "--ignored"});
  EXPECT_EQ(document["ignored"],
            Document::parse(R"([{"path":"LICENSE.md","rule":"repository_file","name":"LICENSE"},)"
                            R"({"path":"drafts/a.md","rule":"ignore","name":"drafts/"}])"));
}

TEST_F(LeftOutReport, CountsAlikeInDiffInspectAndLogs) {
  author_.commit();
  EXPECT_TRUE(has(run({"diff", "alice/blog"}).err, line_ + "\n"));
  EXPECT_EQ(json({"diff", "alice/blog"})["left_out"], document_);
  const auto trigger = run({"trigger", "alice/blog", "--here"});
  EXPECT_TRUE(has(trigger.out, line_ + "\n")) << trigger.out;
  EXPECT_TRUE(has(run({"inspect", "@last"}).out, line_ + "\n"));
  EXPECT_TRUE(has(run({"logs", "@last"}).out, line_ + "\n"));
  EXPECT_EQ(json({"inspect", "@last"})["left_out"], document_);
  EXPECT_EQ(json({"inspect", "@last", "--changes"})["changeset"]["left_out"], document_);
  EXPECT_FALSE(has(run({"logs", "@last", "--attempt", "1"}).out, line_));
}

TEST_F(LeftOutReport, CountsWhatIsNoMarkdown) {
  author_.write_file("page.mdx", "# Page\n");
  EXPECT_TRUE(has(run({"check", author_.folder()}).err, line_ + "; 1 .mdx file is no Markdown\n"));
}

TEST_F(LeftOutReport, WarnsWhenNothingIsPublished) {
  author_.write_file("devy.toml", "ignore = [\"*.md\"]\n");
  const auto text =
      ".: warning: nothing is published: 16 of 16 Markdown files left out: 16 by ignore\n";
  const auto strict = run({"check", author_.folder(), "--strict"});
  EXPECT_EQ(strict.status, 10);
  EXPECT_EQ(strict.out, text);
  author_.commit();
  EXPECT_TRUE(has(run({"diff", "alice/blog"}).out, text));
  EXPECT_TRUE(has(run({"trigger", "alice/blog", "--here"}).out,
                  "warning: .: nothing is published: 16 of 16 Markdown files left out"));
}

TEST_F(LeftOutReport, SaysNothingWhereEveryFileIsAPost) {
  author_.remove_file("LICENSE.md");
  author_.write_file("devy.toml", "");
  EXPECT_FALSE(has(run({"check", author_.folder()}).err, "left out"));
  EXPECT_EQ(run({"check", author_.folder(), "--ignored"}).out, "");
}

TEST_F(LeftOutReport, ShowsFileErrorsAndWarningsUnasked) {
  author_.write_file("bad.md", "---\ntitle: [\n---\n");
  author_.write_file("warned.md", "---\nlang: Klingon!\n---\n# Warned\n");
  publish();
  for (const auto* verb : {"inspect", "logs"}) {
    const auto text = run({verb, "@last"}).out;
    EXPECT_TRUE(has(text, "\n  bad.md:")) << text;
    EXPECT_TRUE(has(text, "\n  warning: warned.md:2:7: 'lang' is left out")) << text;
  }
  const auto document = json({"inspect", "@last", "--changes"});
  EXPECT_EQ(document["changeset"]["file_errors"][0]["path"], "bad.md");
  EXPECT_EQ(document["changeset"]["warnings"][0]["path"], "warned.md");
  // What another upload brought is not told of this one.
  const auto first = document["id"].get<std::string>();
  author_.write_file("worse.md", "---\ntitle: [\n---\n");
  publish();
  EXPECT_FALSE(has(run({"inspect", first}).out, "worse.md"));
}

// The small case of a large repository: one limit is of packed bytes.
TEST_F(LeftOutReport, ReadsNoFileInCheckThatNoPostNeeds) {
  write_text(folder_ / "limited.toml",
             "[git]\nurl_schemes = [\"file\"]\nurl_hosts = []\n[limits]\n"
             "pack_bytes_max = \"1MiB\"\n");
  author_.write_file("zeros.bin", std::string(3'000'000, '\0'));
  EXPECT_EQ(run({"-c", folder_ / "limited.toml", "check", author_.folder()}).status, 0);
  author_.commit();
  const auto upload = run({"-c", folder_ / "limited.toml", "trigger", "alice/blog", "--here"});
  EXPECT_EQ(upload.status, 0) << upload.err;
}

}  // namespace left_out_test
}  // namespace devy::testing
