// The rules that the database itself holds: tokens, quotas, states, under two connections.
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/files/comparison/comparison.hpp"
#include "core/files/receive/batch.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/error.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::receive {
namespace tokens_test {

class StoredFile : public ::testing::Test {
 protected:
  StoredFile() {
    settings_.directory = folder_ / "files";
    const auto storage = files::add_storage(connection_, settings_.node, settings_.directory);
    storage::Disk::prepare(settings_.directory, storage.instance);
    disk_ = open_disk(connection_, settings_);
    owner_ = files::find_owner(connection_, {7, "", "alice"});
  }

  pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database{}, "test");
  }
  Stored upload(const std::string& name, const std::string& bytes, bool is_temporary = false) {
    Batch batch(settings_, *disk_, {owner_, is_temporary});
    batch.begin_file();
    batch.write(bytes);
    batch.end_file(name, "");
    return batch.store(connection_);
  }
  static files::Persisting spending(const Stored& stored, const std::string& key) {
    return {token_digest(stored.token).value(), {}, files::Reference{"task", key}, {}, "test"};
  }
  std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  // "DV014": what PostgreSQL said to a statement that it refused.
  std::string refusal(const std::string& sql) const {
    try {
      database_.execute("set search_path = devy; " + sql);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "done";
  }
  bool is_clean() {
    return comparison::verify(connection_, *disk_, {settings_.node, {}, true}).is_clean();
  }

  devy::testing::TempFolder folder_;
  devy::testing::TestDatabase database_;
  config::Files settings_;
  pg::Connection connection_ = open();
  std::unique_ptr<storage::Disk> disk_;
  files::OwnerId owner_;
};

TEST_F(StoredFile, IsPersistedOnceUnderManyConnections) {
  const auto stored = upload("a", "hello", true);
  constexpr int rivals = 8;
  std::atomic<int> won = 0, lost = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < rivals; ++i)
      threads.emplace_back([&, i] {
        auto connection = open();
        const auto persisted = files::persist(connection, spending(stored, std::to_string(i)));
        if (persisted.outcome == "good" && persisted.is_new) ++won;
        if (persisted.outcome == "used") ++lost;
      });
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, rivals - 1);
  EXPECT_EQ(value("select count(*) from file_reference"), "1");
}

TEST_F(StoredFile, LeavesItsTokenUnspentWhenTheCallerRollsBack) {
  const auto stored = upload("a", "hello", true);
  {
    pg::Transaction transaction(connection_);
    EXPECT_TRUE(files::persist(connection_, spending(stored, "1")).is_new);
  }
  EXPECT_EQ(value("select state from file"), "temporary");
  EXPECT_TRUE(files::persist(connection_, spending(stored, "2")).is_new);
  EXPECT_FALSE(files::persist(connection_, spending(stored, "2")).is_new);
}

TEST_F(StoredFile, RefusesTokensThatExpiredOrWereNeverMade) {
  const auto stored = upload("a", "hello", true);
  database_.execute("update devy.file_token set expires_at = now() - interval '1 s'");
  EXPECT_EQ(files::persist(connection_, spending(stored, "1")).outcome, "expired");
  auto unknown = spending(stored, "1");
  unknown.token[0] = static_cast<std::uint8_t>(unknown.token[0] ^ 1U);
  EXPECT_EQ(files::persist(connection_, unknown).outcome, "unknown");
  EXPECT_FALSE(token_digest("dvf_short"));
  EXPECT_FALSE(token_digest(""));
}

TEST_F(StoredFile, CountsInTheSumsOfItsOwner) {
  const auto first = upload("a", "12345").files.front();
  static_cast<void>(upload("b", "123", true));
  EXPECT_EQ(value("select bytes_used || ' ' || files from file_owner"), "8 2");
  EXPECT_EQ(files::delete_file(connection_, first.id, owner_, "test"), "deleted");
  EXPECT_EQ(files::delete_file(connection_, first.id, owner_, "test"), "absent");
  EXPECT_EQ(value("select bytes_used || ' ' || files from file_owner"), "3 1");
  EXPECT_TRUE(is_clean());
  database_.execute("update devy.file_owner set bytes_used = 100");
  const auto findings = comparison::verify(connection_, *disk_, {settings_.node, {}, false});
  ASSERT_EQ(findings.quotas.size(), 1U);
  comparison::repair(connection_, *disk_, settings_.node, findings);
  EXPECT_TRUE(is_clean());
}

TEST_F(StoredFile, StaysWithinAQuotaThatManyMeetAtOnce) {
  settings_.owner_files_max = 3;
  std::atomic<int> stored = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        auto connection = open();
        Batch batch(settings_, *disk_, {owner_, false});
        batch.begin_file();
        batch.write("same");
        batch.end_file(std::to_string(i), "");
        try {
          static_cast<void>(batch.store(connection));
          ++stored;
        } catch (const base::Error& error) {
          EXPECT_EQ(error.code(), "quota_exceeded") << error.text();
        }
      });
  }
  EXPECT_EQ(stored, 3);
  EXPECT_EQ(value("select count(*) from content"), "1");
  EXPECT_TRUE(is_clean());
}

TEST_F(StoredFile, GoesOnlyTheWaysThatStatesHave) {
  static_cast<void>(upload("a", "hello"));
  EXPECT_NE(refusal("update file set state = 'receiving'").find("cannot become receiving"),
            std::string::npos);
  EXPECT_NE(refusal("update file set state = 'temporary'").find("cannot become temporary"),
            std::string::npos);
  EXPECT_NE(refusal("insert into file (owner_id, name, state, is_temporary) select owner_id, 'b', "
                    "'permanent', false from file")
                .find("begins as receiving"),
            std::string::npos);
  EXPECT_EQ(refusal("update file set state = 'deleted', deleted_at = now()"), "done");
  EXPECT_EQ(refusal("update file set state = 'permanent', deleted_at = null"), "done");
}

TEST_F(StoredFile, StaysWhileSomethingRefersToIt) {
  const auto stored = upload("a", "hello", true);
  static_cast<void>(files::persist(connection_, spending(stored, "1")));
  EXPECT_EQ(files::delete_file(connection_, stored.files.front().id, {}, "test"), "in_use");
  EXPECT_NE(refusal("delete from file").find("file_reference"), std::string::npos);
}

TEST_F(StoredFile, BelongsToOneOwnerOnceHeProvesToBeTwo) {
  database_.execute("insert into devy.account (username) values ('carol')");
  const auto by_account = files::find_owner(connection_, {std::nullopt, "carol", "carol"});
  EXPECT_NE(by_account, owner_);
  static_cast<void>(upload("a", "hello"));
  {
    Batch batch(settings_, *disk_, {by_account, false});
    batch.begin_file();
    batch.write("hi");
    batch.end_file("b", "");
    static_cast<void>(batch.store(connection_));
  }
  database_.execute("update devy.account set github_id = 7");
  EXPECT_EQ(files::find_owner(connection_, {7, "carol", "carol"}), owner_);
  EXPECT_EQ(value("select string_agg(login || ' ' || bytes_used || ' ' || files, ', ') from "
                  "file_owner"),
            "carol 7 2");
  EXPECT_TRUE(is_clean());
}

TEST_F(StoredFile, IsNotPutAsideWithWhatNoRowKnows) {
  static_cast<void>(upload("a", "hello"));
  {
    auto staged = disk_->stage();
    staged.write("stray");
    staged.finish();
    disk_->link(staged, staged.sha256());
  }
  const auto findings = comparison::verify(connection_, *disk_, {settings_.node, {}, false});
  ASSERT_EQ(findings.extra.size(), 1U);
  comparison::repair(connection_, *disk_, settings_.node, findings);
  EXPECT_FALSE(disk_->open(base::sha256("stray")));
  EXPECT_TRUE(disk_->open(base::sha256("hello")));
  EXPECT_TRUE(is_clean());
}

TEST_F(StoredFile, HealsBytesThatWereLost) {
  static_cast<void>(upload("a", "hello"));
  const auto path = folder_ /
                    "files/objects/2c/f2/"
                    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  ASSERT_EQ(::unlink(path.c_str()), 0);
  devy::testing::write_text(path, "hallo");
  EXPECT_FALSE(is_clean());
  database_.execute("update devy.content set state = 'lost'");
  static_cast<void>(upload("b", "hello"));
  EXPECT_EQ(devy::testing::read_text(path), "hello");
  EXPECT_EQ(value("select state from content"), "stored");
  EXPECT_TRUE(is_clean());
}

TEST_F(StoredFile, IsFoundAgainAfterACommitWhoseAnswerWasLost) {
  Batch batch(settings_, *disk_, {owner_, true});
  batch.begin_file();
  batch.write("hello");
  batch.end_file("a", "");
  const auto stored = batch.store(connection_);
  const auto again = batch.store(connection_);
  EXPECT_EQ(again.token, stored.token);
  EXPECT_EQ(again.files.front().id, stored.files.front().id);
  EXPECT_EQ(value("select count(*) from file"), "1");
  EXPECT_TRUE(is_clean());
}

}  // namespace tokens_test
}  // namespace devy::receive
