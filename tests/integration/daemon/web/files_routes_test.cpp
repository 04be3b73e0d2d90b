// Uploads and downloads as their callers meet them.
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "tests/integration/daemon/web/files_routes_fixture.hpp"

namespace devy::daemon {
namespace files_routes_test {

std::string digest_text(const std::string& bytes) {
  return base::to_hex(base::sha256(bytes));
}

TEST_F(FilesRoutes, KeepsWhatIsUploadedAndHandsItOut) {
  start();
  const std::string bytes = "# Read me\n";
  const auto answer = put("/api/upload", "README.md", bytes);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Document::parse(answer.body)["success"], true);
  const auto file = file_of(answer);
  EXPECT_EQ(file["name"], "README.md");
  EXPECT_EQ(file["size"], 10);
  EXPECT_EQ(file["sha256"], digest_text(bytes));
  EXPECT_EQ(file["media_type"], "text/plain; charset=utf-8");
  EXPECT_EQ(file["state"], "permanent");
  EXPECT_EQ(file["stored"], true);
  EXPECT_TRUE(file["expires_at"].is_null());

  const auto content = ask("GET", file["url"], "ghp_alice");
  EXPECT_EQ(content.status, 200);
  EXPECT_EQ(content.body, bytes);
  EXPECT_TRUE(content.has("Content-Security-Policy: sandbox; default-src 'none'\r\n"));
  EXPECT_TRUE(content.has("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_TRUE(content.has("Cache-Control: private, max-age=31536000, immutable\r\n"));
  EXPECT_TRUE(
      content.has("Content-Disposition: inline; filename=\"README.md\"; "
                  "filename*=UTF-8''README.md\r\n"));
  // The same bytes under the same name, which nothing refers to, are the same file.
  EXPECT_EQ(file_of(put("/api/upload", "README.md", bytes))["id"], file["id"]);
  EXPECT_NE(file_of(put("/api/upload", "other.md", bytes))["id"], file["id"]);
  const auto hex = digest_text(bytes);
  EXPECT_EQ(paths("objects"), hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex + "\n");
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, KeepsTemporaryFilesUntilTheirTokenIsSpent) {
  start();
  const auto answer = Document::parse(put("/api/upload_temporary", "a.txt", "hello").body);
  const std::string token = answer["token"];
  EXPECT_TRUE(token.starts_with("dvf_"));
  EXPECT_EQ(answer["files"][0]["state"], "temporary");
  EXPECT_EQ(answer["files"][0]["expires_at"], answer["expires_at"]);
  EXPECT_EQ(value("select count(*) from file_token where encode(digest, 'hex') = '" +
                  digest_text(token) + "'"),
            "1");

  const auto persist = [&](const std::string& reference, const std::string& who = "ghp_alice") {
    return ask("POST", "/v1/files/persist", who,
               R"({"token": ")" + token + R"(", "reference": {"kind": "task", "key": ")" +
                   reference + R"("}})");
  };
  EXPECT_EQ(persist("7", "ghp_bob").status, 404);
  const auto first = persist("7");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(Document::parse(first.body)["is_new"], true);
  EXPECT_EQ(file_of(first)["state"], "permanent");
  EXPECT_EQ(file_of(first)["references"][0]["key"], "7");
  EXPECT_EQ(Document::parse(persist("7").body)["is_new"], false);
  EXPECT_EQ(Document::parse(persist("8").body)["error"], "token_used");
  EXPECT_EQ(persist("8").status, 409);
  // What something refers to cannot be deleted.
  const std::string path = "/v1/files/" + std::string(answer["files"][0]["id"]);
  EXPECT_EQ(ask("DELETE", path, "ghp_alice").status, 409);
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, TakesAllFilesOfARequestOrNone) {
  start();
  const std::string good = R"({"filename": "a", "content": "aGVsbG8="})";
  const auto send = [&](const std::string& body) {
    return ask("PUT", "/api/upload", "ghp_alice", body, {{"Content-type", "application/json"}});
  };
  const auto both = send("[" + good + R"(, {"content": "", "filename": "empty"}])");
  ASSERT_EQ(both.status, 200) << both.body;
  EXPECT_EQ(Document::parse(both.body)["files"][1]["size"], 0);
  for (const auto& [second, status] : {std::pair(R"({"filename": "b", "content": "?"})", 400),
                                       std::pair(R"({"filename": "../b", "content": ""})", 422),
                                       std::pair(R"({"filename": "b"})", 400)}) {
    const auto answer =
        send("[{\"filename\": \"c\", \"content\": \"YQ==\"}, " + std::string(second) + "]");
    EXPECT_EQ(answer.status, status) << answer.body;
  }
  EXPECT_EQ(send("[" + good + R"(, {"filename": "b", "content": "?"}])").body,
            "{\n  \"error\": \"malformed\",\n  \"files\": {\n    \"1\": {\n      \"content\": [\n"
            "        \"Is no base64.\"\n      ]\n    }\n  }\n}\n");
  std::string many = good;
  for (int i = 0; i < 20; ++i)
    many += "," + good;
  EXPECT_EQ(send("[" + many + "]").status, 413);
  EXPECT_EQ(ask("PUT", "/api/upload", "ghp_alice", "[" + good + "]").status, 415);
  EXPECT_EQ(value("select count(*) from file"), "2");
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, KnowsWhoCalls) {
  start();
  EXPECT_EQ(put("/api/upload", "a", "x", "").status, 401);
  EXPECT_EQ(put("/api/upload", "a", "x", "ghp_nobody").status, 401);
  const auto foreign = put("/api/upload", "a", "x", "gho_alice");
  EXPECT_EQ(foreign.status, 403);
  EXPECT_NE(foreign.body.find("personal access tokens"), std::string::npos) << foreign.body;
  EXPECT_EQ(put("/api/upload", "a", "x", "ghs_alice").status, 403);
  EXPECT_EQ(value("select count(*) from file_owner"), "0");
  // GitHub's user and the account that is linked to him are one owner.
  const auto by_github = file_of(put("/api/upload", "a", "x", "ghp_alice"));
  EXPECT_EQ(file_of(put("/api/upload", "a", "x", "alice"))["id"], by_github["id"]);
  EXPECT_NE(file_of(put("/api/upload", "a", "x", "carol"))["id"], by_github["id"]);
  EXPECT_EQ(value("select count(*) from file_owner"), "2");
  // Another's file is not there.
  const std::string path = "/v1/files/" + std::string(by_github["id"]);
  for (const auto* who : {"ghp_bob", "carol"})
    for (const auto& [method, target] :
         {std::pair("GET", path), std::pair("GET", path + "/content"), std::pair("DELETE", path)})
      EXPECT_EQ(ask(method, target, who).status, 404) << method << " " << target;
  EXPECT_EQ(ask("GET", path, "alice").status, 200);
}

TEST_F(FilesRoutes, HoldsOwnersToTheirLimits) {
  config_.files.owner_bytes_max = 10;
  config_.files.owner_files_max = 3;
  config_.files.file_bytes_max = 8;
  config_.files.types = {"text/plain"};
  start();
  EXPECT_EQ(put("/api/upload", "a", "123456789").status, 413);
  EXPECT_EQ(Document::parse(put("/api/upload", "a", std::string("\0\1", 2)).body)["error"],
            "type_refused");
  const auto kept = file_of(put("/api/upload_temporary", "a", "12345678"));
  const auto full = put("/api/upload", "b", "123");
  EXPECT_EQ(full.status, 413);
  EXPECT_EQ(Document::parse(full.body)["error"], "quota_exceeded");
  EXPECT_EQ(put("/api/upload", "b", "123", "ghp_bob").status, 200);
  const auto quota = Document::parse(ask("GET", "/v1/files/quota", "ghp_alice").body);
  EXPECT_EQ(quota["bytes"], 8);
  EXPECT_EQ(quota["files"], 1);
  EXPECT_EQ(quota["bytes_max"], 10);
  EXPECT_EQ(ask("DELETE", "/v1/files/" + std::string(kept["id"]), "ghp_alice").status, 204);
  EXPECT_EQ(put("/api/upload", "b", "123").status, 200);
  execute("update file_owner set blocked_at = now(), blocked_reason = 'spam'");
  EXPECT_EQ(put("/api/upload", "c", "1").status, 403);
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, LeavesTheDiskItsSpace) {
  config_.files.free_bytes_min = std::uint64_t{1} << 60U;
  start();
  const auto answer = put("/api/upload", "a", "x");
  EXPECT_EQ(answer.status, 507);
  EXPECT_EQ(Document::parse(answer.body)["error"], "storage_full");
}

TEST_F(FilesRoutes, RefusesADiskThatIsNotTheOneItKnows) {
  execute("update file_storage set instance = gen_random_uuid()");
  start();
  const auto answer = put("/api/upload", "a", "x");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(Document::parse(answer.body)["error"], "storage_foreign");
}

TEST_F(FilesRoutes, TakesARawFileOnceForEachKey) {
  start();
  const auto send = [&](const std::string& query, const std::string& bytes,
                        const std::string& key = {}) {
    testing::RawHeaders headers{{"Content-Type", "image/png"}};
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    return ask("POST", "/v1/files?" + query, "ghp_alice", bytes, headers);
  };
  const auto first = send("name=a%C3%A4.txt&sha256=" + digest_text("hello"), "hello", "1");
  ASSERT_EQ(first.status, 201) << first.body;
  // The bytes decide, and not what the client says.
  EXPECT_EQ(file_of(first)["media_type"], "text/plain; charset=utf-8");
  EXPECT_EQ(file_of(first)["name"], "a\xc3\xa4.txt");
  EXPECT_EQ(file_of(send("name=a", "other", "1"))["id"], file_of(first)["id"]);
  EXPECT_EQ(value("select declared_type from file"), "image/png");
  const auto temporary = Document::parse(send("name=a&temporary=true", "t", "2").body);
  const auto again = Document::parse(send("name=a&temporary=true", "t", "2").body);
  EXPECT_EQ(again["files"][0]["id"], temporary["files"][0]["id"]);
  EXPECT_NE(again["token"], temporary["token"]);
  EXPECT_EQ(value("select count(*) from file_token"), "1");
  const auto wrong = send("name=a&sha256=" + digest_text("hello"), "hallo");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(Document::parse(wrong.body)["error"], "digest_mismatch");
  EXPECT_EQ(send("name=..%2fa", "x").status, 422);
  EXPECT_EQ(send("", "x").status, 422);
  EXPECT_EQ(send("name=a&temporary=maybe", "x").status, 400);
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, ListsChangesAndDeletes) {
  start();
  for (const auto* name : {"one", "two", "three"})
    static_cast<void>(file_of(put("/api/upload", name, name)));
  const auto page = Document::parse(ask("GET", "/v1/files?limit=2", "ghp_alice").body);
  ASSERT_EQ(page["files"].size(), 2U);
  EXPECT_EQ(page["files"][0]["name"], "three");
  const std::string cursor = page["cursor"];
  const auto rest = Document::parse(ask("GET", "/v1/files?cursor=" + cursor, "ghp_alice").body);
  ASSERT_EQ(rest["files"].size(), 1U);
  EXPECT_TRUE(rest["cursor"].is_null());
  const std::string path = "/v1/files/" + std::string(rest["files"][0]["id"]);
  const auto changed = Document::parse(
      ask("PATCH", path, "ghp_alice", R"({"name": "1", "metadata": {"a": "b", "n": 2}})").body);
  EXPECT_EQ(changed["name"], "1");
  EXPECT_EQ(changed["metadata"]["n"], 2);
  EXPECT_EQ(ask("PATCH", path, "ghp_alice", R"({"name": "a/b"})").status, 422);
  EXPECT_EQ(ask("PATCH", path, "ghp_alice", R"({"metadata": [1]})").status, 400);
  EXPECT_EQ(ask("DELETE", path, "ghp_alice").status, 204);
  EXPECT_EQ(ask("DELETE", path, "ghp_alice").status, 404);
  EXPECT_EQ(ask("GET", path + "/content", "ghp_alice").status, 404);
  EXPECT_EQ(
      Document::parse(ask("GET", "/v1/files?state=deleted", "ghp_alice").body)["files"].size(), 1U);
  EXPECT_EQ(ask("GET", "/v1/files?limit=0", "ghp_alice").status, 400);
  EXPECT_EQ(ask("GET", "/v1/files/nonsense", "ghp_alice").status, 404);
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, AnswersRangesAndWhoHoldsTheBytes) {
  start();
  const std::string bytes = "0123456789";
  const std::string url = file_of(put("/api/upload", "digits", bytes))["url"];
  const auto tag = "\"" + digest_text(bytes) + "\"";
  const auto ranged = [&](const std::string& range, const std::string& condition = {}) {
    testing::RawHeaders headers{{"Range", range}};
    if (!condition.empty()) headers.emplace_back("If-Range", condition);
    const auto answer = ask("GET", url, "ghp_alice", {}, headers);
    const auto at = answer.head.find("Content-Range: ");
    const auto where = at == std::string::npos
                           ? ""
                           : answer.head.substr(at + 15, answer.head.find('\r', at) - at - 15);
    return std::to_string(answer.status) + " " + where + " " +
           (answer.status == 416 ? "" : answer.body);
  };
  EXPECT_EQ(ranged("bytes=2-4"), "206 bytes 2-4/10 234");
  EXPECT_EQ(ranged("bytes=7-"), "206 bytes 7-9/10 789");
  EXPECT_EQ(ranged("bytes=-3"), "206 bytes 7-9/10 789");
  EXPECT_EQ(ranged("bytes=-30"), "206 bytes 0-9/10 0123456789");
  EXPECT_EQ(ranged("bytes=8-100"), "206 bytes 8-9/10 89");
  EXPECT_EQ(ranged("bytes=10-"), "416 bytes */10 ");
  EXPECT_EQ(ranged("bytes=1-2,4-5"), "200  0123456789");
  EXPECT_EQ(ranged("bytes=4-2"), "200  0123456789");
  EXPECT_EQ(ranged("lines=1-2"), "200  0123456789");
  EXPECT_EQ(ranged("bytes=2-4", tag), "206 bytes 2-4/10 234");
  EXPECT_EQ(ranged("bytes=2-4", "\"other\""), "200  0123456789");
  EXPECT_EQ(ask("GET", url, "ghp_alice", {}, {{"If-None-Match", tag}}).status, 304);
  const auto head = ask("HEAD", url, "ghp_alice");
  EXPECT_TRUE(head.has("Content-Length: 10\r\n"));
  EXPECT_TRUE(head.has("ETag: " + tag + "\r\n"));
}

TEST_F(FilesRoutes, ShowsNothingThatABrowserWouldRun) {
  start();
  for (const auto* bytes :
       {"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "%PDF-1.7 hello"}) {
    const std::string url = file_of(put("/api/upload", "x.png", bytes))["url"];
    EXPECT_TRUE(ask("GET", url, "ghp_alice").has("Content-Disposition: attachment;")) << bytes;
  }
  const std::string url = file_of(put("/api/upload", "x.html", "<script>alert(1)</script>"))["url"];
  EXPECT_TRUE(ask("GET", url, "ghp_alice").has("Content-Type: text/plain; charset=utf-8\r\n"));
}

TEST_F(FilesRoutes, LeavesNothingOfAnUploadThatIsCutOff) {
  start();
  {
    testing::RawConnection client(address_);
    client.send(
        "POST /v1/files?name=a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ghp_alice\r\n"
        "Content-Length: 1000000\r\n\r\n" +
        std::string(400'000, 'x'));
    while (paths("staging").empty())
      std::this_thread::yield();
  }
  while (!paths("staging").empty())
    std::this_thread::yield();
  EXPECT_EQ(value("select count(*) from file"), "0");
  EXPECT_EQ(differences(), "");
}

TEST_F(FilesRoutes, IsOffUnlessItIsSwitchedOn) {
  config_.files.enabled = false;
  start();
  EXPECT_EQ(put("/api/upload", "a", "x").status, 404);
}

}  // namespace files_routes_test
}  // namespace devy::daemon
