// Uploads and downloads where contents are kept in S3.
#include "core/platform/http/httplib_transport.hpp"
#include "tests/integration/daemon/web/files_routes_fixture.hpp"
#include "tests/support/s3/swift.hpp"

namespace devy::daemon {
namespace files_s3_test {

class FilesS3Routes : public FilesRoutes {
 protected:
  FilesS3Routes() {
    config_.files.storage = "s3";
    config_.files.s3 = testing::Swift::shared().settings();
  }
  // The value of a header.
  [[nodiscard]] static std::string header_of(const testing::RawAnswer& answer,
                                             const std::string& name) {
    const auto begin = answer.head.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return "";
    const auto from = begin + name.size() + 4;
    return answer.head.substr(from, answer.head.find('\r', from) - from);
  }
};

TEST_F(FilesS3Routes, SendsWhoeverDownloadsToS3) {
  start();
  const auto file = file_of(put("/api/upload", "a.txt", "hello, world"));
  EXPECT_EQ(file["stored"], true);
  EXPECT_EQ(paths("objects"), "");
  const auto content = ask("GET", file["url"], "ghp_alice");
  EXPECT_EQ(content.status, 307);
  EXPECT_EQ(header_of(content, "Cache-Control"), "no-store");
  const auto transport = http::make_httplib_transport({});
  const auto got = transport->send({"GET", header_of(content, "Location"), {}, {}});
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "hello, world");
  EXPECT_EQ(got.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_TRUE(got.header("Content-Disposition").starts_with("inline; filename=\"a.txt\""));
  const auto head = ask("HEAD", file["url"], "ghp_alice");
  EXPECT_EQ(head.status, 307);
  EXPECT_EQ(transport->send({"HEAD", header_of(head, "Location"), {}, {}}).status, 200);
  EXPECT_EQ(ask("GET", file["url"], "ghp_bob").status, 404);
}

TEST_F(FilesS3Routes, HandsOnWhatIsInS3) {
  config_.files.s3.delivery = "proxy";
  start();
  const auto file = file_of(put("/api/upload", "a.txt", "hello, world"));
  const auto whole = ask("GET", file["url"], "ghp_alice");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "hello, world");
  EXPECT_TRUE(whole.has("Content-Security-Policy: sandbox; default-src 'none'\r\n"));
  const auto part = ask("GET", file["url"], "ghp_alice", {}, {{"Range", "bytes=7-"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "world");
  EXPECT_EQ(paths("staging"), "");
}

TEST_F(FilesS3Routes, ServesALargeFileFromTheDiskUntilItIsInS3) {
  start();
  const std::string bytes(9UL * 1024 * 1024, 'x');
  const auto file = file_of(ask("POST", "/v1/files?name=large", "ghp_alice", bytes));
  EXPECT_EQ(file["stored"], false);
  const auto content = ask("GET", file["url"], "ghp_alice");
  EXPECT_EQ(content.status, 200);
  EXPECT_TRUE(content.body == bytes);
  EXPECT_EQ(value("select count(*) from operation where kind = 'file_store' and lane = 'files:a'"),
            "1");
}

TEST_F(FilesS3Routes, TakesUploadsWhileS3IsAway) {
  // Nobody listens there.
  config_.files.s3.endpoint = "http://127.0.0.1:1";
  start();
  for (const std::string name : {"one", "two"}) {
    const auto file = file_of(put("/api/upload", name, name));
    EXPECT_EQ(file["stored"], false);
    EXPECT_EQ(ask("GET", file["url"], "ghp_alice").body, name);
  }
  const auto numbers = api_->numbers();
  // Only the first has tried.
  EXPECT_EQ(numbers.at("s3_requests.put.none"), 1);
}

TEST_F(FilesS3Routes, TakesAResumedUploadToS3) {
  start();
  const auto created = ask("POST", "/files", "ghp_alice", "hello",
                           {{"Tus-Resumable", "1.0.0"},
                            {"Upload-Length", "5"},
                            {"Upload-Metadata", "filename YQ=="},
                            {"Content-Type", "application/offset+octet-stream"}});
  EXPECT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(value("select state || ' ' || storage from content"), "stored s3");
  EXPECT_EQ(paths("objects"), "");
}

}  // namespace files_s3_test
}  // namespace devy::daemon
