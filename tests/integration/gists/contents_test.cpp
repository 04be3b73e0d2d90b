// Which bytes of files count, and how much of them is kept.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/gists/gist_fixture.hpp"
#include "tests/support/git/git_http_server.hpp"
#include "tests/support/git/git_repository.hpp"

namespace devy::gists {
namespace contents_test {

class GistContents : public GistFixture {
 protected:
  // One gist with these files, scanned.
  std::string scan_files(const std::string& files, const std::string& more = "") {
    act(R"([{"do": "create_gist", "owner": "Alice", "id": "aaaaaaaaaaaaaaaaaaaa", "files": )" +
        files + more + "}]");
    track("alice");
    return scan("alice");
  }
  [[nodiscard]] std::string state_of(const std::string& filename) const {
    return value(
        "select content_state || ' ' || size || ' ' || coalesce(octet_length(content)::text, "
        "'-') from gist_version v join gist_file f on f.id = v.gist_file_id where filename = '" +
        filename + "'");
  }
};

TEST_F(GistContents, KeepsTextsAndTheFactsOfTheRest) {
  const std::string longest(255, 'n');
  EXPECT_EQ(scan_files(R"({"text": {"content": "a\nb\u00e9"}, "empty": {"content": ""},
      "binary": {"base64": "AAECAw=="}, "latin1": {"base64": "6Q=="},
      "encoded": {"base64": "aGk=", "encoding": "base64"}, "../x": {"content": "up"}, ")" +
                       longest + R"(": {"content": "l"}})"),
            "completed");
  EXPECT_EQ(state_of("text"), "whole 5 5");
  EXPECT_EQ(state_of("empty"), "whole 0 0");
  EXPECT_EQ(state_of("binary"), "binary 4 -");
  EXPECT_EQ(state_of("latin1"), "binary 1 -");
  EXPECT_EQ(state_of("encoded"), "whole 2 2");
  EXPECT_EQ(state_of("../x"), "whole 2 2");
  EXPECT_EQ(state_of(longest), "whole 1 1");
}

TEST_F(GistContents, FetchesWhatTheDocumentCutsWithoutACredential) {
  EXPECT_EQ(scan_files(R"({"large": {"bytes": 3000000}, "huge": {"bytes": 12000000}})"),
            "completed");
  EXPECT_EQ(state_of("large"), "cut 3000000 1048576");
  EXPECT_EQ(state_of("huge"), "too_large 12000000 -");
  int raw = 0;
  for (const auto& request : nlohmann::json::parse(github_.requests())) {
    const std::string path = request["path"];
    if (!path.starts_with("/gist_raw/")) continue;
    ++raw;
    EXPECT_EQ(request["token"], "anonymous") << request.dump();
  }
  EXPECT_EQ(raw, 1);
}

TEST_F(GistContents, AsksNoOtherHostForThem) {
  config_.gists.raw_hosts = {"gist.githubusercontent.com"};
  EXPECT_EQ(scan_files(R"({"large": {"bytes": 3000000}})"), "completed");
  EXPECT_EQ(value("select count(*) from gist"), "0");
  EXPECT_EQ(value("select etag is null from tracked_user"), "t") << "the next scan has to look";
}

TEST_F(GistContents, StoresNothingWhoseBytesAreOthersThanItsBlobId) {
  EXPECT_EQ(scan_files(R"({"a": {"content": "x",
      "shown_blob": "0123456789012345678901234567890123456789"}})"),
            "completed");
  EXPECT_EQ(value("select count(*) from gist_file"), "0");
  act(R"([{"do": "edit_gist", "gist": "aaaaaaaaaaaaaaaaaaaa", "files": {"a": {"content": "x"}},
           "updated_at": "2026-03-01T12:00:00Z"}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(files(), "a 1");
}

TEST_F(GistContents, ReadsGistsOfManyFilesFromTheirRepository) {
  devy::testing::TempFolder root;
  devy::testing::make_bare_repository(root / "many.git");
  devy::testing::GitRepository repository(folder_ / "work");
  for (int i = 0; i < 301; ++i) {
    auto number = std::to_string(i);
    number.insert(0, 4 - number.size(), '0');
    repository.write_file("file-" + number + ".txt", std::to_string(i) + "\n");
  }
  repository.commit("many");
  repository.push(root / "many.git");
  devy::testing::GitHttpServer server(root.path());
  config_.gists.git_host = "127.0.0.1";
  EXPECT_EQ(
      scan_files("{}", R"(, "file_count": 301, "git_pull_url": ")" + server.url("many.git") + "\""),
      "completed");
  EXPECT_EQ(value("select count(*) || ' ' || count(distinct raw_url) from gist_version where "
                  "content is not null"),
            "301 301");
  // The list shows less than there is, so only its time tells that nothing is new.
  github_.forget_requests();
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(requests(), std::vector<std::string>{"GET /users/alice/gists 200"});
}

TEST_F(GistContents, KeepsNoMoreFilesThanMayBe) {
  config_.gists.files_max = 2;
  EXPECT_EQ(scan_files(R"({"a": {"content": "1"}, "b": {"content": "2"}, "c": {"content": "3"}})"),
            "completed");
  EXPECT_EQ(files(), "a 1, b 1");
  EXPECT_EQ(value("select is_partial from gist"), "t");
}

}  // namespace contents_test
}  // namespace devy::gists
