// The page of files in Chromium, and what it lets whom see and do. DEVY_SCREENSHOTS=<folder> keeps
// pictures.

#include <cstdlib>

#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::testing {
namespace files_pages_test {

class FilesPage : public ConsoleFixture {
 protected:
  FilesPage()
      : ConsoleFixture(
            "[files]\nenabled = true\ndirectory = \"<folder>/files\"\nfree_bytes_min = "
            "\"0B\"\nfile_bytes_max = \"8MiB\"\nrequest_bytes_max = \"64MiB\"\n",
            {{"file", "init"}}) {}

  // A form with one file, as a browser without a script sends it.
  [[nodiscard]] RawAnswer upload(const Browser& browser, const std::string& name) const {
    const auto csrf = csrf_in(get("/files", browser).body);
    const auto field = [](const std::string& head, const std::string& value) {
      return "--b\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + value + "\r\n";
    };
    return send_request(address(), "POST", "/upload_temporary",
                        {{"Cookie", "__Host-devy=" + browser.cookie},
                         {"Sec-Fetch-Site", "same-origin"},
                         {"Content-Type", "multipart/form-data; boundary=b"}},
                        field("name=\"_csrf\"", csrf) +
                            field("name=\"file\"; filename=\"" + name + "\"", "hello") +
                            "--b--\r\n");
  }
};

TEST_F(FilesPage, SendsFilesWhileTheFormIsOpen) {
  const char* kept = std::getenv("DEVY_SCREENSHOTS");
  const std::string screenshots = kept != nullptr ? kept : folder_ / "screenshots";
  const auto lines = run_peer("use_files.mjs", {url(), url() + login_path("user1"), screenshots});
  ASSERT_FALSE(lines.empty());
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    ADD_FAILURE() << lines[i];
  EXPECT_TRUE(lines.back().starts_with("used the files, ")) << lines.back();

  // What is not one's own is not there.
  const auto user = log_in("user2"), operator_ = log_in("ada");
  EXPECT_EQ(upload(user, "other's.txt").status, 303);
  const auto theirs = database_.scalar("select id from devy.file where name = 'plain.txt'");
  EXPECT_EQ(get("/files", user).body.find("plain.txt"), std::string::npos);
  EXPECT_EQ(get("/file/" + theirs, user).status, 404);
  for (const char* act : {"delete", "persist", "restore", "chosen", "nothing"})
    EXPECT_EQ(post("/file/" + theirs + "/" + act, user, "/files", "").status, 404) << act;
  EXPECT_EQ(post_bare("/file/" + theirs + "/delete", user, "").status, 403);
  EXPECT_NE(get("/files", operator_).body.find("plain.txt"), std::string::npos);
  EXPECT_EQ(get("/files?owner=user2", operator_).body.find("plain.txt"), std::string::npos);
  EXPECT_EQ(get("/files?name=plain.txt", operator_).body.find("second.txt"), std::string::npos);
  const auto content = get("/file/" + theirs, operator_);
  EXPECT_TRUE(content.has("Content-Security-Policy: sandbox; default-src 'none'"));
  EXPECT_TRUE(content.has("Content-Disposition: attachment;"));
  EXPECT_EQ(location_of(post("/file/" + theirs + "/delete", operator_, "/files", "")),
            "/files?done=deleted");
  EXPECT_EQ(database_.scalar("select actor || ' ' || act from devy.audit where target = '" +
                             theirs + "'"),
            "web:ada file.delete");
  // What something uses stays.
  const auto used = database_.scalar("select id from devy.file where name = 'second.txt'");
  database_.execute("insert into devy.file_reference values ('" + used +
                    "', 'task', '7', now(), 'test')");
  EXPECT_EQ(post("/file/" + used + "/delete", operator_, "/files", "").status, 409);
  // Page after page, none twice.
  database_.execute(
      "insert into devy.file (owner_id, name, state, is_temporary) select owner_id, 'n' || n, "
      "'receiving', false from devy.file, generate_series(1, 60) n where id = '" +
      theirs + "'");
  const auto first = get("/files?state=receiving", operator_).body;
  const auto at = first.find("before=");
  ASSERT_NE(at, std::string::npos);
  const auto second =
      get("/files?state=receiving&before=" + first.substr(at + 7, 36), operator_).body;
  const auto count = [](const std::string& page) {
    int rows = 0;
    for (auto found = page.find("<tr role=\"row\"><td"); found != std::string::npos;
         found = page.find("<tr role=\"row\"><td", found + 1))
      ++rows;
    return rows;
  };
  EXPECT_EQ(count(first), 50);
  EXPECT_EQ(count(second), 10);
}

}  // namespace files_pages_test
}  // namespace devy::testing
