// Limits, batches and rivals of uploads by tus.
#include <sys/stat.h>

#include <thread>

#include "core/files/receive/depot.hpp"
#include "core/files/storage/staged_file.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "tests/integration/daemon/web/files_tus_fixture.hpp"

namespace devy::daemon {
namespace files_tus_rivals_test {

TEST_F(TusRoutes, HoldsUploadsToTheirOwnersLimits) {
  config_.files.owner_bytes_max = 10;
  config_.files.types = {"text/plain"};
  start();
  const auto url = begin(8);
  EXPECT_EQ(create({{"Upload-Length", "3"}}).status, 413);
  EXPECT_EQ(value("select count(*) from file"), "1");
  // One that does not say its length is counted as it comes.
  const auto deferred = header(create({{"Upload-Defer-Length", "1"}}), "Location");
  EXPECT_EQ(patch(deferred, 0, "ab").status, 204);
  EXPECT_EQ(patch(deferred, 2, "c").status, 413);
  EXPECT_EQ(patch(deferred, 2, "", {{"Upload-Length", "3"}}).status, 413);
  EXPECT_EQ(offset(deferred), "2");
  EXPECT_EQ(tus("DELETE", deferred).status, 204);
  // A block is none of 401, 403 and 429 where the URL says who may.
  execute("update file_owner set blocked_at = clock_timestamp()");
  EXPECT_EQ(create({{"Upload-Length", "1"}}).status, 403);
  const auto blocked = patch(url, 0, "12345678");
  EXPECT_EQ(blocked.status, 423);
  EXPECT_EQ(header(blocked, "Retry-After"), "1");
  execute("update file_owner set blocked_at = null");
  EXPECT_EQ(reserved(), "8 0 0");
  const auto refused = patch(url, static_cast<std::size_t>(std::stoi(offset(url))),
                             std::string("\0\1\2\3\4\5\6\7", 8));
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(tus("HEAD", url).status, 410);
  EXPECT_EQ(value("select string_agg(error_code, '') from file"), "type_refused");
  EXPECT_EQ(reserved(), "0 0 0");
  EXPECT_EQ(paths("staging"), "");
}

TEST_F(TusRoutes, RefusesWhatTheDiskHasNoRoomFor) {
  config_.files.free_bytes_min = std::uint64_t{1} << 60;
  start();
  EXPECT_EQ(create({{"Upload-Length", "3"}}).status, 507);
  EXPECT_EQ(value("select count(*) from file"), "0");
}

TEST_F(TusRoutes, GathersTemporaryFilesInABatch) {
  config_.files.request_files_max = 2;
  start();
  const auto first = create({{"Upload-Length", "3"}, {"Upload-Metadata", "temporary"}}, "one");
  const auto token = header(first, "Devy-Token");
  ASSERT_TRUE(token.starts_with("dvf_")) << first.head;
  const auto second = create({{"Upload-Length", "3"}, {"Devy-Token", token}});
  ASSERT_EQ(second.status, 201) << second.body;
  EXPECT_EQ(header(second, "Devy-Token"), token);
  EXPECT_EQ(create({{"Upload-Length", "3"}, {"Devy-Token", token}}).status, 413);
  EXPECT_EQ(create({{"Upload-Length", "3"}, {"Devy-Token", token}}, {}, "ghp_bob").status, 400);
  EXPECT_EQ(create({{"Upload-Length", "3"}, {"Devy-Token", "dvf_x"}}).status, 400);
  const auto persist = [&] {
    return ask("POST", "/v1/files/persist", "ghp_alice", R"({"token": ")" + token + R"("})");
  };
  EXPECT_EQ(persist().status, 409);
  EXPECT_EQ(patch(header(second, "Location"), 0, "two").status, 204);
  // Both expire with their token, which waited for the second.
  EXPECT_EQ(
      value("select count(distinct f.expires_at = t.expires_at) || ' ' || count(*) from file f "
            "join file_token t on t.digest = f.token_digest"),
      "1 2");
  EXPECT_EQ(Document::parse(persist().body)["files"].size(), 2U);
  EXPECT_EQ(create({{"Upload-Length", "3"}, {"Devy-Token", token}}).status, 400);
}

TEST_F(TusRoutes, TakesAMethodFromAHeaderOnlyHere) {
  start();
  const auto url = begin(3);
  EXPECT_EQ(tus("POST", url,
                {{"X-HTTP-Method-Override", "PATCH"},
                 {"Upload-Offset", "0"},
                 {"Content-Type", tus_octets}},
                "abc")
                .status,
            204);
  EXPECT_EQ(tus("POST", url, {{"X-HTTP-Method-Override", "DELETE"}}).status, 204);
  EXPECT_EQ(tus("HEAD", url).status, 410);
  const std::string path = file_of(put("/api/upload", "a", "x"))["id"];
  EXPECT_EQ(
      ask("POST", "/v1/files/" + path, "ghp_alice", "", {{"X-HTTP-Method-Override", "DELETE"}})
          .status,
      405);
}

TEST_F(TusRoutes, AllowsPagesOfOtherSitesThatAreNamed) {
  config_.files.origins = {"https://a.example"};
  start();
  const auto allowed = [&](const std::string& origin) {
    const auto answer = ask("OPTIONS", "/files/x", "", "", {{"Origin", origin}});
    return header(answer, "Access-Control-Allow-Origin");
  };
  EXPECT_EQ(allowed("https://a.example"), "https://a.example");
  EXPECT_EQ(allowed("https://b.example"), "");
  EXPECT_EQ(allowed("null"), "");
  const auto refused = create({{"Origin", "https://a.example"}}, {}, "");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(header(refused, "Access-Control-Allow-Origin"), "https://a.example");
  EXPECT_NE(header(refused, "Access-Control-Expose-Headers").find("Upload-Offset"),
            std::string::npos);
}

TEST_F(TusRoutes, KeepsWhatHadComeWhenTheLineIsCut) {
  start();
  constexpr std::size_t bytes = 1'000'000, sent = 600'000;
  const auto url = begin(bytes);
  std::string file;
  for (std::size_t i = 0; file.size() < bytes; ++i)
    file += std::to_string(i) + "\n";
  file.resize(bytes);
  {
    testing::RawConnection client(address_);
    client.send("PATCH " + url + " HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n" +
                "Upload-Offset: 0\r\nContent-Type: " + tus_octets +
                "\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" + file.substr(0, sent));
    while (paths("staging").empty())
      std::this_thread::yield();
  }
  while (value("select received > 0 from file_upload") != "t")
    std::this_thread::yield();
  const auto at = static_cast<std::size_t>(std::stoul(offset(url)));
  EXPECT_LE(at, sent);
  EXPECT_EQ(patch(url, at, file.substr(at)).status, 204);
  EXPECT_EQ(value("select encode(sha256, 'hex') from file"), base::to_hex(base::sha256(file)));
  EXPECT_EQ(differences(), "");
}

TEST_F(TusRoutes, LetsWhoComesLastHaveTheUpload) {
  start();
  constexpr std::size_t bytes = 800'000, slice = 256UL * 1024;
  const std::string file(bytes, 'x');
  const auto url = begin(bytes);
  testing::RawConnection stalled(address_);
  stalled.send("PATCH " + url + " HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n" +
               "Upload-Offset: 0\r\nContent-Type: " + tus_octets +
               "\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" + file.substr(0, slice));
  struct stat facts {};
  const auto staged =
      config_.files.directory + "/staging/" + value("select file_id from file_upload");
  while (::stat(staged.c_str(), &facts) != 0 || facts.st_size < static_cast<off_t>(slice))
    std::this_thread::yield();
  // Whoever asks where it is has what came until then stored.
  EXPECT_EQ(offset(url), std::to_string(slice));
  EXPECT_EQ(patch(url, slice, file.substr(slice)).status, 204);
  stalled.send(file.substr(slice));
  EXPECT_EQ(stalled.answer().status, 423);
  EXPECT_EQ(value("select encode(sha256, 'hex') from file"), base::to_hex(base::sha256(file)));
  EXPECT_EQ(differences(), "");
}

TEST_F(TusRoutes, WaitsForNoOtherProcess) {
  start();
  const auto url = begin(6);
  EXPECT_EQ(patch(url, 0, "abc").status, 204);
  auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
  const auto disk = receive::open_disk(connection, config_.files);
  {
    const auto other = disk->reopen(value("select file_id from file_upload"));
    ASSERT_TRUE(other.has_value());
    const auto locked = patch(url, 3, "def");
    EXPECT_EQ(locked.status, 423);
    EXPECT_EQ(header(locked, "Retry-After"), "1");
  }
  EXPECT_EQ(patch(url, 3, "def").status, 204);
  EXPECT_EQ(value("select encode(sha256, 'hex') from file"), base::to_hex(base::sha256("abcdef")));
}

}  // namespace files_tus_rivals_test
}  // namespace devy::daemon
