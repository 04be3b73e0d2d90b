// Files through Debian's nginx with the shipped site: uploads go on as they come, and downloads are
// sent by nginx itself.
#include <chrono>
#include <thread>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/http/server/server.hpp"
#include "tests/e2e/web/files_daemon.hpp"
#include "tests/support/http/nginx.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace files_nginx_test {

class FilesBehindNginx : public FilesDaemon {
 protected:
  FilesBehindNginx()
      : FilesDaemon(
            "accel_path = \"/devy-files/\"\npublic_url = \"https://files.devy.example\"\n"
            "link_key_file = \"<folder>/link.key\"\n",
            "addresses = [\"unix:<folder>/web\"]\nurl = \"https://console.devy.example\"\n") {
    static_cast<void>(run({"config", "key", folder_ / "link.key"}));
    begin();
    nginx_ = std::make_unique<Nginx>(folder_ / "web",
                                     server::address_of(server::bind_socket("127.0.0.1:0").get()),
                                     folder_ / "files/objects/");
  }

  [[nodiscard]] RawAnswer ask(const std::string& method, const std::string& target,
                              RawHeaders headers = {}, const std::string& body = {},
                              const std::string& host = "console.devy.example") const {
    headers.emplace_back("Host", host);
    headers.emplace_back("Connection", "close");
    if (host == "console.devy.example") headers.emplace_back("Authorization", "Bearer ghp_alice");
    return send_request(nginx_->address(), method, target, headers, body);
  }

  std::unique_ptr<Nginx> nginx_;
};

TEST_F(FilesBehindNginx, CarriesUploadsAndDownloads) {
  // The line of the README, as it stands but for the name of the server.
  const std::string readme = "# Read me\n\nThrough nginx.\n";
  write_text(folder_ / "README.md", readme);
  auto line = line_of_readme("/api/upload");
  const auto port = nginx_->address().substr(nginx_->address().rfind(':') + 1);
  const std::string local = "localhost:8000", name = "console.devy.example:" + port;
  line.replace(line.find(local), local.size(), name);
  line.replace(line.find("curl "), 5, "curl --resolve " + name + ":127.0.0.1 ");
  const auto uploaded = type_line(line);
  const auto hex = base::to_hex(base::sha256(readme));
  ASSERT_EQ(member(uploaded, "sha256"), hex) << uploaded;

  const auto url = member(uploaded, "url");
  const auto content = ask("GET", url);
  EXPECT_EQ(content.status, 200) << content.head;
  EXPECT_EQ(content.body, readme);
  EXPECT_TRUE(content.has("Content-Type: text/plain; charset=utf-8")) << content.head;
  EXPECT_TRUE(content.has("Content-Disposition: inline; filename=\"README.md\""));
  EXPECT_TRUE(content.has("Content-Security-Policy: sandbox; default-src 'none'"));
  EXPECT_TRUE(content.has("X-Content-Type-Options: nosniff"));
  EXPECT_TRUE(content.has("Cache-Control: private, max-age=31536000, immutable"));
  EXPECT_FALSE(content.has("X-Accel-Redirect"));
  // It is nginx that sends it: the tag is its own.
  EXPECT_FALSE(content.has(hex)) << content.head;
  const auto part = ask("GET", url, {{"Range", "bytes=2-6"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, readme.substr(2, 5));
  EXPECT_TRUE(part.has("Content-Range: bytes 2-6/" + std::to_string(readme.size())));
  EXPECT_EQ(ask("GET", url, {{"Range", "bytes=1000-"}}).status, 416);
  EXPECT_EQ(ask("HEAD", url).status, 200);
  // Nobody but nginx gets there.
  EXPECT_EQ(
      ask("GET", "/devy-files/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex).status,
      404);

  // An upload by tus is not held back until it is whole, and its node is found by its URL.
  const std::string half(512UL * 1024, 'x'), whole = std::to_string(2 * half.size());
  const auto created =
      ask("POST", "/files", {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", whole}});
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string mark = "\r\nLocation: ";
  const auto at = created.head.find(mark) + mark.size();
  const auto upload = created.head.substr(at, created.head.find('\r', at) - at);
  {
    RawConnection cut(nginx_->address());
    cut.send("PATCH " + upload +
             " HTTP/1.1\r\nHost: console.devy.example\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: "
             "0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: " +
             whole + "\r\n\r\n" + half);
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(20);
    while (database_.number("select max(fence) from devy.file_upload") < 2 &&
           std::chrono::steady_clock::now() < until)
      pause_before_looking_again();
  }
  RawAnswer head;
  do
    head = ask("HEAD", upload, {{"Tus-Resumable", "1.0.0"}});
  while (head.status == 423);
  EXPECT_EQ(head.status, 200) << head.head;
  EXPECT_FALSE(head.has("Upload-Offset: 0\r")) << head.head;

  // A link is good at its own name, for a while, and for its file alone.
  const auto path = "/v1/files/" + member(uploaded, "id") + "/link";
  const auto link = ask("POST", path, {{"Content-Type", "application/json"}}, R"({"seconds": 60})");
  ASSERT_EQ(link.status, 201) << link.body;
  const auto shared = member(link.body, "url");
  const std::string origin = "https://files.devy.example";
  ASSERT_TRUE(shared.starts_with(origin)) << shared;
  const auto target = shared.substr(origin.size());
  const auto by_link = [&](const std::string& asked) {
    return ask("GET", asked, {}, "", "files.devy.example");
  };
  EXPECT_EQ(by_link(target).body, readme);
  EXPECT_TRUE(by_link(target).has("Cross-Origin-Resource-Policy: cross-origin"));
  EXPECT_EQ(ask("GET", target).status, 404) << "at another name";
  EXPECT_EQ(by_link("/v1/files").status, 404);
  auto altered = target;
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(by_link(altered).status, 404);
  auto later = target;
  later.replace(later.find("expires=") + 8, 1, "9");
  EXPECT_EQ(by_link(later).status, 404);
  const auto printed = run({"file", "url", member(uploaded, "id"), "--seconds", "60"});
  EXPECT_EQ(by_link(printed.substr(origin.size(), printed.find('\n') - origin.size())).body,
            readme);
  EXPECT_EQ(daemon_->said().find("signature="), std::string::npos);
}

}  // namespace files_nginx_test
}  // namespace devy::testing
