// What an operator does with files: delete, restore, limits, blocks, the clean-up; its documents
// and exit statuses.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace file_commands_test {

class FileCommands : public ::testing::Test {
 protected:
  FileCommands() {
    write_text(folder_ / "devy-upload.toml", "[files]\nenabled = true\ndirectory = \"" +
                                                 (folder_ / "files") +
                                                 "\"\nfree_bytes_min = \"0B\"\n");
    write_text(folder_ / "one", "hello");
    write_text(folder_ / "two", "hello");
    EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
    EXPECT_EQ(run({"file", "init"}).status, 0);
    const auto added =
        document({"file", "add", folder_ / "one", folder_ / "two", "--owner", "alice"});
    first_ = added["files"][0]["id"];
    second_ = added["files"][1]["id"];
  }

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.arguments.insert(call.arguments.end(),
                          {"--config", folder_ / "devy-upload.toml", "--db", database_.conninfo()});
    return run_program(call);
  }
  [[nodiscard]] nlohmann::json document(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const auto result = run(arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    return nlohmann::json::parse(result.out);
  }

  TempFolder folder_;
  TestDatabase database_;
  std::string first_, second_;
};

TEST_F(FileCommands, DeletesOnlyWhatIsNotInUse) {
  database_.execute("insert into devy.file_reference (file_id, kind, key, created_by) values ('" +
                    first_ + "', 'task', '7', 'test')");
  EXPECT_EQ(run({"file", "delete", first_}).status, 5);
  EXPECT_EQ(run({"file", "delete", first_, second_}).status, 11);
  EXPECT_EQ(run({"file", "delete", second_}).status, 4);
  EXPECT_EQ(database_.scalar("select act || ' ' || target from devy.audit"),
            "file.delete " + second_);
  const auto restored = document({"file", "restore", second_});
  EXPECT_EQ(restored[0]["result"], "restored");
  EXPECT_EQ(restored[0]["error"], nullptr);
}

TEST_F(FileCommands, RestoresOnlyWhereTheOwnerHasRoom) {
  ASSERT_EQ(run({"file", "delete", second_}).status, 0);
  const auto quota = document({"file", "quota", "set", "alice", "--bytes", "9"});
  EXPECT_EQ(quota["bytes"], 5);
  EXPECT_EQ(quota["bytes_max"], 9);
  EXPECT_TRUE(quota["is_own"]);
  EXPECT_EQ(run({"file", "restore", second_}).status, 6);
  EXPECT_EQ(database_.number("select files from devy.file_owner"), 1);
  EXPECT_FALSE(document({"file", "quota", "set", "alice", "--default"})["is_own"]);
  EXPECT_EQ(document({"file", "block", "alice", "--reason", "spam"})["blocked_reason"], "spam");
  EXPECT_EQ(run({"file", "restore", second_}).status, 6);
  EXPECT_EQ(run({"file", "unblock", "alice"}).status, 0);
  EXPECT_EQ(run({"file", "restore", second_}).status, 0);
  EXPECT_EQ(document({"file", "quota", "list"}).size(), 1U);
  EXPECT_EQ(document({"file", "quota", "show", "alice"})["files"], 2);
  EXPECT_EQ(run({"file", "quota", "show", "nobody"}).status, 4);
  EXPECT_EQ(run({"file", "quota", "set", "alice"}).status, 2);
  EXPECT_EQ(run({"file", "quota", "show"}).status, 2);
  EXPECT_EQ(run({"file", "quota", "list", "alice"}).status, 2);
}

TEST_F(FileCommands, HandsOutNoBytesThatAreLost) {
  EXPECT_EQ(run({"file", "get", first_}).out, "hello");
  database_.execute("update devy.content set state = 'lost'");
  const auto refused = run({"file", "get", first_});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.out, "");
}

TEST_F(FileCommands, CountsBeforeItDeletes) {
  const auto before = document({"file", "stats"});
  EXPECT_EQ(before["files"]["permanent"], 2);
  EXPECT_EQ(before["bytes"], 5);
  EXPECT_EQ(before["shared_bytes"], 5);
  ASSERT_EQ(run({"file", "delete", first_, second_}).status, 0);
  database_.execute("update devy.file set deleted_at = now() - interval '25 hours'");
  const auto due = document({"file", "cleanup", "--dry-run"});
  EXPECT_EQ(due["deleted_files"], 2);
  EXPECT_FALSE(due["would_be_held"]);
  EXPECT_EQ(database_.number("select count(*) from devy.operation"), 0);
  EXPECT_EQ(document({"file", "cleanup", "--here"})["state"], "completed");
  const auto after = document({"file", "stats"});
  EXPECT_EQ(after["contents"], 0);
  EXPECT_TRUE(after["files"].empty());
  EXPECT_EQ(document({"file", "cleanup"})["state"], "verified");
}

}  // namespace file_commands_test
}  // namespace devy::testing
