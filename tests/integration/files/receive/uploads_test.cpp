// Uploads that are resumed: rivals for one upload, deaths between every two steps.
#include "core/files/receive/uploads.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "core/files/comparison/comparison.hpp"
#include "core/files/receive/upload_writer.hpp"
#include "core/files/store/file_store.hpp"
#include "core/files/store/receive_store.hpp"
#include "core/files/store/storage_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/process/child.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::receive {
namespace uploads_test {

std::string bytes_of(int number, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size)
    bytes += std::to_string(number) + "." + std::to_string(bytes.size()) + "\n";
  bytes.resize(size);
  return bytes;
}

// What one process has.
struct UploadingProcess {
  UploadingProcess(const config::Files& settings, const std::string& conninfo)
      : depot(settings),
        uploads(
            settings, depot,
            [conninfo](const std::function<void(pg::Connection&)>& work) {
              thread_local std::optional<pg::Connection> session;
              thread_local std::string session_conninfo;
              if (!session || !session->is_usable() || session_conninfo != conninfo)
                session.emplace(pg::Connection::open(conninfo, config::Database{}, "test"));
              session_conninfo = conninfo;
              work(*session);
            },
            [this](const std::string& event) {
              const std::lock_guard lock(mutex);
              ++events[event];
            }) {}

  Depot depot;
  std::mutex mutex;
  std::map<std::string, int> events;
  Uploads uploads;
};

class ResumedUpload : public ::testing::Test {
 protected:
  ResumedUpload() {
    base::log::configure(base::log::Level::error, base::log::Format::logfmt);
    settings_.directory = folder_ / "files";
    settings_.free_bytes_min = 0;
    const auto storage = files::add_storage(connection_, settings_.node, settings_.directory);
    storage::Disk::prepare(settings_.directory, storage.instance);
    owner_ = files::find_owner(connection_, {7, "", "alice"});
    process_ = std::make_unique<UploadingProcess>(settings_, database_.conninfo());
  }

  files::UploadName create(std::size_t length) {
    return process_->uploads
        .create(connection_, {.owner = owner_,
                              .name = "a",
                              .declared_type = {},
                              .metadata_json = "{}",
                              .metadata_sent = {},
                              .length = static_cast<std::int64_t>(length),
                              .is_temporary = false,
                              .token = {}})
        .name;
  }
  // Goes on with an upload until it is whole, a part of so many bytes at a time. What rivals do to
  // it only delays it.
  static void send(UploadingProcess& process, const files::UploadName& name,
                   const std::string& bytes, std::size_t part_bytes) {
    constexpr int attempts_max = 10'000;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
      try {
        const auto upload = process.uploads.look(name);
        if (upload.outcome == "complete") return;
        const auto at = static_cast<std::size_t>(upload.received);
        const auto part = bytes.substr(at, part_bytes);
        const auto writer = std::make_shared<UploadWriter>(
            process.uploads,
            Part{name, upload.received, static_cast<std::int64_t>(part.size()), {}, {}});
        writer->write(part);
        writer->end();
      } catch (const base::Error& error) {
        const bool is_of_rival = error.code() == "upload_busy" || error.code() == "offset_wrong" ||
                                 error.code() == "upload_gone";
        ASSERT_TRUE(is_of_rival) << error.text();
      }
    }
    FAIL() << "it never ended";
  }
  std::string sha256(const files::UploadName& name) {
    const auto file = files::find_file(connection_, name.id);
    return file && file->sha256 ? base::to_hex(*file->sha256) : "";
  }
  void expect_clean() {
    const auto storage = files::find_storage(connection_, settings_.node);
    const storage::Disk disk(settings_.directory, storage.value().instance);
    EXPECT_TRUE(comparison::verify(connection_, disk, {settings_.node, {}, true}).is_clean());
    EXPECT_EQ(database_.scalar("select bytes_reserved from devy.file_owner"), "0");
  }

  devy::testing::TempFolder folder_;
  devy::testing::TestDatabase database_;
  config::Files settings_;
  pg::Connection connection_ =
      pg::Connection::open(database_.conninfo(), config::Database{}, "test");
  files::OwnerId owner_;
  std::unique_ptr<UploadingProcess> process_;
};

TEST_F(ResumedUpload, IsTheSameFileWhoeverOfTwoSendsIt) {
  // One more process than the first: its lock is that of the file alone.
  UploadingProcess other(settings_, database_.conninfo());
  constexpr int rounds = 12;
  constexpr std::size_t size = 3000;
  for (int round = 0; round < rounds; ++round) {
    const auto bytes = bytes_of(round, size);
    const auto name = create(size);
    auto& rival = round % 2 == 0 ? *process_ : other;
    {
      const std::jthread first([&] { send(*process_, name, bytes, 700); });
      const std::jthread second([&] { send(rival, name, bytes, 900); });
    }
    ASSERT_EQ(sha256(name), base::to_hex(base::sha256(bytes))) << round;
  }
  expect_clean();
}

TEST_F(ResumedUpload, RecordsNothingForWhoLostIt) {
  const auto bytes = bytes_of(1, 9);
  const auto name = create(9);
  const auto first = std::make_shared<UploadWriter>(process_->uploads, Part{name, 0, 6, {}, {}});
  first->write(bytes.substr(0, 6));
  // Somebody else has it meanwhile, though the file is still ours.
  database_.execute("update devy.file_upload set fence = fence + 1");
  EXPECT_THROW(first->end(), base::Error);
  EXPECT_EQ(process_->events["conflicts.fence"], 1);
  EXPECT_EQ(database_.scalar("select received from devy.file_upload"), "0");
  send(*process_, name, bytes, 9);
  EXPECT_EQ(sha256(name), base::to_hex(base::sha256(bytes)));
}

TEST_F(ResumedUpload, BeginsAgainWhereItsBytesAreLost) {
  const auto bytes = bytes_of(1, 9);
  const auto name = create(9);
  const auto first = std::make_shared<UploadWriter>(process_->uploads, Part{name, 0, 6, {}, {}});
  first->write(bytes.substr(0, 6));
  first->end();
  ASSERT_EQ(::truncate((settings_.directory + "/staging/" + name.id.text()).c_str(), 3), 0);
  const auto second = std::make_shared<UploadWriter>(process_->uploads, Part{name, 6, 3, {}, {}});
  EXPECT_THROW(second->write(bytes.substr(6)), base::Error);
  EXPECT_EQ(process_->uploads.look(name).received, 0);
  send(*process_, name, bytes, 9);
  EXPECT_EQ(sha256(name), base::to_hex(base::sha256(bytes)));
  expect_clean();
}

TEST_F(ResumedUpload, CountsInItsOwnersQuota) {
  const auto name = create(9);
  EXPECT_TRUE(files::wrong_quotas(connection_).empty());
  database_.execute("update devy.file_owner set bytes_reserved = 5");
  const auto wrong = files::wrong_quotas(connection_);
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_EQ(wrong[0].counted_bytes, 9);
  files::repair_quota(connection_, owner_.text());
  send(*process_, name, bytes_of(1, 9), 9);
  expect_clean();
}

TEST_F(ResumedUpload, ReadsWhatCameBeforeWhereNobodyRemembersIt) {
  const auto bytes = bytes_of(1, 500'000);
  const auto name = create(bytes.size());
  const auto first =
      std::make_shared<UploadWriter>(process_->uploads, Part{name, 0, 400'000, {}, {}});
  first->write(bytes.substr(0, 400'000));
  first->end();
  UploadingProcess later(settings_, database_.conninfo());
  send(later, name, bytes, bytes.size());
  EXPECT_EQ(sha256(name), base::to_hex(base::sha256(bytes)));
  expect_clean();
}

// ---- the program is killed between every two steps

constexpr std::size_t killed_bytes = 9000;

constexpr const char* killed_role = "begin_an_upload_and_die";

// The process that is killed: it begins an upload and sends it in parts.
int send_until_it_dies(process::Parent& parent) {
  std::istringstream lines(parent.receive(4096).value());
  std::string fault, conninfo, owner, number;
  config::Files settings;
  std::getline(lines, fault);
  std::getline(lines, conninfo);
  std::getline(lines, settings.directory);
  std::getline(lines, owner);
  std::getline(lines, number);
  ::setenv("DEVY_FAULT", (fault + "=kill").c_str(), 1);
  settings.free_bytes_min = 0;
  auto connection = pg::Connection::open(conninfo, config::Database{}, "test");
  UploadingProcess process(settings, conninfo);
  const auto name = process.uploads
                        .create(connection, {.owner = files::OwnerId::trusted(owner),
                                             .name = "a",
                                             .declared_type = {},
                                             .metadata_json = "{}",
                                             .metadata_sent = {},
                                             .length = killed_bytes,
                                             .is_temporary = false,
                                             .token = {}})
                        .name;
  const auto bytes = bytes_of(std::stoi(number), killed_bytes);
  for (const int at : {0, 3000, 6000}) {
    const auto writer =
        std::make_shared<UploadWriter>(process.uploads, Part{name, at, 3000, {}, {}});
    writer->write(bytes.substr(static_cast<std::size_t>(at), 3000));
    writer->end();
  }
  return 0;
}

const bool is_registered = [] {
  process::register_role(killed_role, send_until_it_dies);
  return true;
}();

// How the process ended that `words` tell what to do.
std::string run_killed(const std::vector<std::string>& words) {
  auto child = process::Child::spawn(killed_role, {});
  std::string lines;
  for (const auto& word : words)
    lines += word + "\n";
  EXPECT_TRUE(child.send(lines));
  // It sends nothing: that is its end.
  std::string nothing;
  EXPECT_EQ(child.receive(nothing, 1, testing::time_factor * std::chrono::seconds(60)),
            process::ReadResult::end);
  return child.wait();
}

TEST_F(ResumedUpload, GoesOnWhereverItsProgramWasKilled) {
  if (!base::has_fault_points) GTEST_SKIP() << "the programs have no fault points";
  int number = 0;
  // Before which step, and how much is safe then; -1: nothing of it is known.
  for (const auto& [fault, received] :
       std::vector<std::pair<std::string, int>>{{"upload_before_row:1", -1},
                                                {"upload_row:1", 0},
                                                {"file_reopened:1", 0},
                                                {"upload_acquired:1", 0},
                                                {"upload_slice:1", 0},
                                                {"file_sync:1", 0},
                                                {"upload_synced:1", 0},
                                                {"upload_recorded:1", 3000},
                                                {"file_reopened:2", 3000},
                                                {"upload_slice:2", 3000},
                                                {"upload_synced:2", 3000},
                                                {"upload_slice:3", 6000},
                                                {"file_digested:1", 6000},
                                                {"file_content_held:1", 6000},
                                                {"file_linked:1", 6000},
                                                {"file_folder_synced:1", 6000},
                                                {"file_before_commit:1", 6000},
                                                {"file_committed:1", 9000}}) {
    SCOPED_TRACE(fault);
    database_.execute("delete from devy.file_upload");
    const auto bytes = bytes_of(++number, killed_bytes);
    ASSERT_TRUE(is_registered);
    ASSERT_EQ(run_killed({fault, database_.conninfo(), settings_.directory, owner_.text(),
                          std::to_string(number)}),
              "killed by signal 9 (Killed)");
    UploadingProcess later(settings_, database_.conninfo());
    static_cast<void>(later.depot.disk(connection_));  // sweeps what is left
    const auto id =
        database_.scalar("select coalesce(min(file_id::text), '') from devy.file_upload");
    if (received < 0) {
      EXPECT_EQ(id, "");
      continue;
    }
    ASSERT_EQ(database_.scalar("select received from devy.file_upload"), std::to_string(received));
    // The key is known to the dead alone.
    database_.execute("update devy.file_upload set key_digest = sha256('key')");
    const files::UploadName name{files::FileId::trusted(id), key_digest("key")};
    send(later, name, bytes, 5000);
    EXPECT_EQ(sha256(name), base::to_hex(base::sha256(bytes)));
    expect_clean();
  }
}

}  // namespace uploads_test
}  // namespace devy::receive
