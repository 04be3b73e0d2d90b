// Uploads to the real daemon, as people send them.
#include <csignal>
#include <filesystem>
#include <future>
#include <thread>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "tests/e2e/web/files_daemon.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::testing {
namespace files_test {

TEST_F(FilesDaemon, TakesBothLinesAsTheyStand) {
  begin();
  const std::string readme = "# Read me\n\nTwice the same.\n";
  write_text(folder_ / "README.md", readme);
  const auto temporary = type(line_of_readme("/api/upload_temporary"));
  const auto token = member(temporary, "token");
  EXPECT_EQ(member(temporary, "state"), "temporary");
  const auto permanent = type(line_of_readme("/api/upload"));
  EXPECT_NE(permanent.find("\"success\": true"), std::string::npos) << permanent;
  EXPECT_EQ(member(type(line_of_readme("/api/upload")), "id"), member(permanent, "id"));

  const auto content = send_request(address_, "GET", member(permanent, "url"),
                                    {{"Authorization", "Bearer ghp_alice"}});
  EXPECT_EQ(content.body, readme);
  static_cast<void>(run({"file", "persist", token, "--reference", "task:7"}));
  EXPECT_EQ(attempt({"file", "persist", token, "--reference", "task:8"}).status, 5);
  EXPECT_EQ(run({"file", "get", member(temporary, "id")}), readme);
  EXPECT_EQ(member(run({"file", "show", member(temporary, "id"), "--json"}), "kind"), "task");
  static_cast<void>(run({"file", "add", folder_ / "README.md", "--owner", "alice"}));
  EXPECT_EQ(database_.scalar("select count(*) from devy.file"), "2");
  static_cast<void>(run({"file", "get", member(permanent, "id"), "--out", folder_ / "copy"}));
  EXPECT_EQ(read_text(folder_ / "copy"), readme);
  EXPECT_NE(run({"file", "list", "--owner", "alice", "--unused"}).find("README.md"),
            std::string::npos);

  EXPECT_EQ(attempt({"file", "verify", "--all", "--content"}).status, 0);
  const auto hex = base::to_hex(base::sha256(readme));
  const auto path =
      folder_ / ("files/objects/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  write_text(path, "# Read me\n\nTwice the sam3.\n");
  EXPECT_EQ(attempt({"file", "verify", "--all"}).status, 0);
  const auto found = attempt({"file", "verify", member(permanent, "id"), "--content", "--json"});
  EXPECT_EQ(found.status, 10);
  EXPECT_EQ(member(found.out, "sha256"), hex);
  // The token is told to nobody but the caller: neither the log nor the database has it.
  EXPECT_EQ(daemon_->said().find(token), std::string::npos);
}

TEST_F(FilesDaemon, CleansUpByItself) {
  static_cast<void>(run({"account", "add", "bob"}));
  static_cast<void>(run({"file", "init"}));
  write_text(folder_ / "gone", "gone");
  static_cast<void>(run({"file", "add", folder_ / "gone", "--owner", "bob"}));
  const auto id = database_.scalar("select id from devy.file");
  static_cast<void>(run({"file", "delete", id}));
  database_.execute("update devy.file set deleted_at = now() - interval '25 hours'");
  begin();
  // The first clean-up is due at once.
  daemon_->wait_for("reason=\"content\"");
  EXPECT_EQ(database_.scalar("select count(*) from devy.content"), "0");
  EXPECT_EQ(database_.scalar("select min(lane) from devy.operation"), "files:a");
  EXPECT_EQ(attempt({"file", "verify", "--all", "--content"}).status, 0);
}

TEST_F(FilesDaemon, HoldsNoFileInMemory) {
  begin();
  const auto send = [&](std::size_t bytes) {
    RawConnection client(address_);
    client.send(
        "POST /v1/files?name=large HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ghp_alice\r\n"
        "Content-Length: " +
        std::to_string(bytes) + "\r\n\r\n");
    const std::string piece(1024UL * 1024, 'x');
    for (std::size_t sent = 0; sent < bytes; sent += piece.size())
      client.send(piece);
    return client.next_answer(std::chrono::seconds(60));
  };
  constexpr std::size_t mebibyte = 1024UL * 1024;
  ASSERT_EQ(send(mebibyte).status, 201);
  const auto before = peaks();
  ASSERT_FALSE(before.empty());
  const auto answer = send(64 * mebibyte);
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto content = send_request(address_, "GET", member(answer.body, "url"),
                                    {{"Authorization", "Bearer ghp_alice"}});
  EXPECT_EQ(content.body.size(), 64 * mebibyte);
  EXPECT_EQ(base::to_hex(base::sha256(content.body)), member(answer.body, "sha256"));
  for (const auto& [pid, peak] : peaks())
    if (before.contains(pid)) {
      EXPECT_LT(peak - before.at(pid), 8 * 1024) << pid;
    }
  EXPECT_EQ(attempt({"file", "verify", "--all", "--content"}).status, 0);
}

TEST_F(FilesDaemon, GoesOnWithAnUploadOverTheDeathOfItsServer) {
  begin();
  auto sending = std::async(std::launch::async, [this] {
    return run_peer("tus_client.mjs", {"http://" + address_ + "/files", "ghp_alice", "killed"});
  });
  constexpr const char* half =
      "select count(*) from devy.file_upload where received > 4000000 and received < length";
  while (database_.number(half) == 0 &&
         sending.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    std::this_thread::yield();
  ::kill(web_process(), SIGKILL);
  const auto lines = sending.get();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ("killed " + database_.scalar("select encode(sha256, 'hex') from devy.file"), lines[0]);
  EXPECT_EQ(attempt({"file", "verify", "--all", "--content"}).status, 0);
  // Whoever has the URL of an upload may go on with it, so the log has none.
  EXPECT_EQ(daemon_->said().find("/files/a-"), std::string::npos);
}

TEST_F(FilesDaemon, DoesNotStartWithoutItsDisk) {
  auto call = daemon_call();
  const auto result = run_program(call);
  EXPECT_EQ(result.status, 78) << result.err;
  EXPECT_NE(result.err.find("file init"), std::string::npos) << result.err;
}

}  // namespace files_test
}  // namespace devy::testing
