#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// The JSON documents about accounts, blogs and posts, and of diff, check and verify, key by key.

namespace devy::testing {
namespace reading_commands_json_test {

using Keys = std::vector<std::string>;

class ReadingCommandsJson : public BlogFixture {
 protected:
  ReadingCommandsJson() { EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0); }
};

const Keys account_keys{"id", "username", "is_supporter", "blogs", "created_at"};
const Keys post_keys{"id",        "blog",       "slug",          "path",           "title",
                     "summary",   "tags",       "date",          "is_draft",       "visible",
                     "blob",      "commit",     "updated_at",    "url_aliases",    "published_at",
                     "updated",   "expires_at", "preview_token", "authors",        "cover",
                     "canonical", "lang",       "word_count",    "reading_minutes"};
const Keys blog_keys{"id",
                     "blog",
                     "username",
                     "slug",
                     "repository_url",
                     "github_id",
                     "branch",
                     "default_branch",
                     "is_connected",
                     "frozen_reason",
                     "pause",
                     "name",
                     "description",
                     "head_commit",
                     "head_at",
                     "pinned_commit",
                     "posts",
                     "file_errors",
                     "last_upload",
                     "last_upload_state",
                     "created_at"};

TEST_F(ReadingCommandsJson, PrintsAccounts) {
  const auto added = json({"account", "add", "Bob", "--supporter"});
  EXPECT_EQ(keys_of(added), account_keys);
  EXPECT_EQ(added["username"], "bob");
  EXPECT_EQ(added["is_supporter"], true);
  const auto list = json({"account", "list"});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(keys_of(list[0]), account_keys);
  EXPECT_EQ(list[0]["blogs"], 1);
  const auto shown = json({"account", "show", "alice"});
  EXPECT_EQ(shown["blog_addresses"], nlohmann::ordered_json::array({"alice/blog"}));
}

TEST_F(ReadingCommandsJson, PrintsBlogs) {
  const auto list = json({"blog", "list"});
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(keys_of(list[0]), blog_keys);
  EXPECT_EQ(list[0]["blog"], "alice/blog");
  EXPECT_EQ(list[0]["head_commit"], author_.head());
  EXPECT_EQ(list[0]["branch"], nullptr);
  EXPECT_EQ(list[0]["default_branch"], "main");
  EXPECT_EQ(list[0]["posts"], 2);
  EXPECT_EQ(list[0]["last_upload_state"], "completed");
  EXPECT_EQ(json({"blog", "show", "blog"})["files_in_error"], nlohmann::ordered_json::array());
}

TEST_F(ReadingCommandsJson, PrintsABlogThatIsConnectedAndDisconnected) {
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  const auto connected = json({"blog", "connect", "bob/b", "https://github.com/bob/b",
                               "--github-id", "5000000000", "--branch", "posts"});
  EXPECT_EQ(keys_of(connected), blog_keys);
  EXPECT_EQ(connected["github_id"], 5'000'000'000);
  EXPECT_EQ(connected["branch"], "posts");
  const auto gone = json({"blog", "disconnect", "bob/b", "--yes"});
  EXPECT_EQ(gone["is_connected"], false);
  EXPECT_EQ(json({"blog", "list"}).size(), 1U);
  EXPECT_EQ(json({"blog", "list", "--all"}).size(), 2U);
  EXPECT_EQ(run({"blog", "disconnect", "bob/b", "--yes"}).status, 5);
}

TEST_F(ReadingCommandsJson, PrintsPosts) {
  author_.write_file("draft.md", "---\ndraft: true\ntags: [a, b]\n---\ntext\n");
  author_.commit();
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  EXPECT_EQ(json({"posts", "alice/blog"}).size(), 2U);
  const auto posts = json({"posts", "alice/blog", "--drafts"});
  ASSERT_EQ(posts.size(), 3U);
  for (const auto& post : posts)
    EXPECT_EQ(keys_of(post), post_keys);
  auto keys = post_keys;
  keys.insert(keys.end(), {"markdown", "html", "front_matter", "toc", "title_id"});
  const auto draft = json({"post", "show", "alice/blog", "draft"});
  EXPECT_EQ(keys_of(draft), keys);
  EXPECT_EQ(draft["is_draft"], true);
  EXPECT_EQ(draft["visible"], false);
  EXPECT_EQ(draft["tags"], nlohmann::ordered_json::array({"a", "b"}));
  EXPECT_EQ(draft["front_matter"]["draft"], true);
  EXPECT_EQ(draft["html"], "<p>text</p>\n");
}

TEST_F(ReadingCommandsJson, PrintsTheHistoryOfAPost) {
  author_.rename("hello.md", "greeting.md");
  author_.commit();
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  const auto history = json({"post", "history", "alice/blog", "greeting"});
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(keys_of(history[0]),
            (Keys{"version", "change", "path", "slug", "title", "blob", "commit", "upload", "at"}));
  EXPECT_EQ(history[0]["change"], "renamed");
  // The old slug finds the post, and is an alias.
  EXPECT_EQ(json({"post", "show", "alice/blog", "hello"})["url_aliases"],
            nlohmann::ordered_json::array({"hello"}));
}

TEST_F(ReadingCommandsJson, PrintsTheTextOfAPostUnchanged) {
  EXPECT_EQ(run({"post", "show", "alice/blog", "second", "--html"}).out, "<p>Another.</p>\n");
  EXPECT_NE(run({"post", "show", "alice/blog", "second", "--markdown"}).out.find("Another."),
            std::string::npos);
  EXPECT_EQ(run({"post", "show", "alice/blog", "second", "--html", "--markdown"}).status, 2);
  EXPECT_EQ(run({"post", "show", "alice/blog", "third"}).status, 4);
  EXPECT_EQ(run({"post", "history", "alice/blog", "third"}).status, 4);
}

TEST_F(ReadingCommandsJson, PrintsADiff) {
  const auto before = author_.head();
  author_.write_file("bad.md", "---\ntitle: [\n---\n");
  author_.write_file("new.md", "# New\n");
  author_.write_file("second.md", "# Second\n\nChanged.\n");
  author_.rename("hello.md", "moved.md");
  const auto after = author_.commit();
  const auto diff = json({"diff", "alice/blog"});
  EXPECT_EQ(keys_of(diff), (Keys{"blog", "from_commit", "to_commit", "created", "updated",
                                 "renamed", "deleted", "unchanged", "file_errors", "warnings",
                                 "left_out", "held", "posts", "redirects"}));
  EXPECT_EQ(diff["from_commit"], before);
  EXPECT_EQ(diff["to_commit"], after);
  EXPECT_EQ(diff["created"], nlohmann::ordered_json::array({"new.md"}));
  EXPECT_EQ(diff["updated"], nlohmann::ordered_json::array({"second.md"}));
  ASSERT_EQ(diff["renamed"].size(), 1U);
  EXPECT_EQ(diff["renamed"][0]["from"], "hello.md");
  EXPECT_EQ(diff["renamed"][0]["to"], "moved.md");
  ASSERT_EQ(diff["file_errors"].size(), 1U);
  EXPECT_EQ(keys_of(diff["file_errors"][0]), (Keys{"path", "line", "column", "message"}));
  EXPECT_EQ(diff["file_errors"][0]["path"], "bad.md");
  // It changed nothing, and an earlier commit can be asked for, by an upload too.
  EXPECT_EQ(json({"blog", "show", "alice/blog"})["head_commit"], before);
  EXPECT_EQ(json({"diff", "alice/blog", "--commit", before})["unchanged"], 2);
  EXPECT_EQ(json({"diff", "@last"})["to_commit"], before);
}

TEST_F(ReadingCommandsJson, PrintsACheck) {
  auto clean = call({"check", author_.folder(), "--json"});
  clean.environment.erase("DEVY_DB");
  const auto result = run_program(clean);
  EXPECT_EQ(result.status, 0) << result.err;
  const auto document = nlohmann::ordered_json::parse(result.out);
  EXPECT_EQ(keys_of(document),
            (Keys{"directory", "posts", "file_errors", "warnings", "redirects", "left_out"}));
  EXPECT_EQ(keys_of(document["posts"][0]),
            (Keys{"path", "slug", "title", "is_draft", "state", "date", "expires_at", "word_count",
                  "reading_minutes"}));

  author_.write_file("bad.md", "---\ntitle: [\n---\n");
  author_.write_file("devy.toml", "rot = \"posts\"\n");
  const auto broken = run({"check", author_.folder()});
  EXPECT_EQ(broken.status, 10);
  EXPECT_TRUE(broken.out.starts_with("bad.md:2:8:")) << broken.out;
  EXPECT_NE(broken.out.find("devy.toml:1:1: warning: unknown key 'rot'"), std::string::npos)
      << broken.out;
  EXPECT_EQ(run({"check", folder_ / "absent"}).status, 4);
}

TEST_F(ReadingCommandsJson, PrintsAVerification) {
  const auto before = json({"verify", "alice/blog"});
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(keys_of(before[0]), (Keys{"blog", "commit", "ok", "missing", "extra", "different",
                                      "would_repair", "repair", "error"}));
  EXPECT_EQ(before[0]["ok"], true);
  EXPECT_EQ(before[0]["commit"], author_.head());
}

TEST_F(ReadingCommandsJson, ReportsAndRepairsDrift) {
  database_.execute(
      "delete from devy.post where slug = 'second'; "
      "update devy.post set blob = repeat('0', 40) where slug = 'hello'");
  const auto drifted = json({"verify", "--all"}, 10);
  EXPECT_EQ(drifted[0]["missing"], nlohmann::ordered_json::array({"second.md"}));
  EXPECT_EQ(drifted[0]["different"], nlohmann::ordered_json::array({"hello.md"}));
  EXPECT_EQ(run({"verify", "alice/blog", "--repair", "--dry-run"}).status, 10);
  EXPECT_EQ(run({"verify", "--all", "--repair"}).status, 9);
  EXPECT_EQ(json({"verify", "--all", "--repair", "--yes"})[0]["ok"], true);
  EXPECT_EQ(json({"posts", "alice/blog"}).size(), 2U);
  EXPECT_EQ(run({"verify"}).status, 2);
  EXPECT_EQ(run({"verify", "alice/blog", "--all"}).status, 2);
  EXPECT_EQ(run({"verify", "alice/none"}).status, 4);
}

TEST_F(ReadingCommandsJson, VerifiesTheOthersWhenOneRemoteIsUnreachable) {
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  GitRepository other(folder_ / "other");
  other.write_file("a.md", "# A\n");
  other.commit();
  EXPECT_EQ(run({"blog", "connect", "bob/b", "file://" + other.folder()}).status, 0);
  EXPECT_EQ(run({"trigger", "bob/b", "--here"}).status, 0);
  std::filesystem::remove_all(other.folder());
  const auto verified = json({"verify", "--all"}, 11);
  ASSERT_EQ(verified.size(), 1U);
  EXPECT_EQ(verified[0]["blog"], "alice/blog");
  EXPECT_EQ(run({"verify", "bob/b"}).status, 1);
}

}  // namespace reading_commands_json_test
}  // namespace devy::testing
