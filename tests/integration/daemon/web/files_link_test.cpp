// Links to files, at a name of their own.
#include "core/files/link.hpp"

#include <filesystem>

#include "tests/integration/daemon/web/files_routes_fixture.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::daemon {
namespace files_link_test {

const base::Secret& link_test_key() {
  static const base::Secret key(std::string(32, 'k'));
  return key;
}

files::FileId link_test_id(char last) {
  return files::FileId::trusted(std::string("00000000-0000-4000-8000-00000000000") + last);
}

TEST(LinkTest, IsGoodForItsFileUntilItEnds) {
  const base::TimePoint end{std::chrono::seconds(1'800'000'000)};
  const auto path = files::link_path(link_test_key(), link_test_id('1'), end);
  const std::string head =
      "/v1/files/00000000-0000-4000-8000-000000000001/shared?expires=1800000000&signature=";
  ASSERT_TRUE(path.starts_with(head)) << path;
  const auto signature = path.substr(head.size());
  const auto judge = [&](char id, const std::string& expires, const std::string& signed_by,
                         std::chrono::seconds before, const base::Secret& key = link_test_key()) {
    return files::judge_link(key, link_test_id(id), expires, signed_by, end - before);
  };
  using files::LinkState;
  constexpr std::chrono::seconds second{1};
  EXPECT_EQ(judge('1', "1800000000", signature, second), LinkState::good);
  EXPECT_EQ(judge('1', "1800000000", signature, std::chrono::seconds(0)), LinkState::expired);
  EXPECT_EQ(judge('2', "1800000000", signature, second), LinkState::wrong);
  EXPECT_EQ(judge('1', "1800000001", signature, second), LinkState::wrong);
  EXPECT_EQ(judge('1', "01800000000", signature, second), LinkState::wrong);
  EXPECT_EQ(judge('1', "1800000000", signature + "A", second), LinkState::wrong);
  EXPECT_EQ(judge('1', "1800000000", "", second), LinkState::wrong);
  EXPECT_EQ(judge('1', "1800000000", signature, second, base::Secret(std::string(32, 'l'))),
            LinkState::wrong);
}

TEST_F(FilesRoutes, MakesLinksForAWhile) {
  config_.files.public_url = "https://files.devy.example:8443";
  config_.files.link_key_file = folder_ / "link.key";
  testing::write_text(config_.files.link_key_file,
                      "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n");
  std::filesystem::permissions(config_.files.link_key_file, std::filesystem::perms::owner_read);
  start();
  const auto file =
      file_of(put("/api/upload", "a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"));
  const std::string path = "/v1/files/" + std::string(file["id"]);
  const auto made = ask("POST", path + "/link", "ghp_alice", R"({"seconds": 60})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string url = Document::parse(made.body)["url"];
  ASSERT_TRUE(url.starts_with("https://files.devy.example:8443" + path + "/shared?")) << url;
  const auto target = url.substr(std::string("https://files.devy.example:8443").size());
  const auto open = [&](const std::string& asked, const std::string& host) {
    return ask("GET", asked, "", "", {{"Host", host}});
  };
  const auto shared = open(target, "files.devy.example:8443");
  EXPECT_EQ(shared.status, 200) << shared.body;
  EXPECT_TRUE(shared.has("Content-Disposition: attachment;")) << "a picture that may run is none";
  EXPECT_TRUE(shared.has("Content-Security-Policy: sandbox; default-src 'none'"));
  EXPECT_TRUE(shared.has("Cross-Origin-Resource-Policy: cross-origin"));
  EXPECT_EQ(open(target, "files.devy.example").status, 200) << "a proxy may leave the port out";
  EXPECT_EQ(open(target, "console.devy.example").status, 404);
  EXPECT_EQ(open(target + "x", "files.devy.example").status, 404);
  // One that has ended, and was right.
  const auto key = base::Secret(std::string(32, 'k'));
  EXPECT_EQ(open(files::link_path(key, files::FileId::trusted(file["id"]),
                                  base::system_clock().now() - std::chrono::seconds(1)),
                 "files.devy.example")
                .status,
            410);
  EXPECT_EQ(ask("POST", path + "/link", "ghp_alice").status, 201) << "an hour";
  for (const char* body : {R"({"seconds": 0})", R"({"seconds": 3601})", R"({"seconds": "1"})"})
    EXPECT_EQ(ask("POST", path + "/link", "ghp_alice", body).status, 400) << body;
  EXPECT_EQ(ask("POST", path + "/link", "ghp_bob").status, 404);
  EXPECT_EQ(ask("DELETE", path, "ghp_alice").status, 204);
  EXPECT_EQ(open(target, "files.devy.example").status, 404);
}

}  // namespace files_link_test
}  // namespace devy::daemon
