// Events as the journal gets them, by a socket of our own in its place.
#include "core/platform/base/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/platform/base/log.hpp"
#include "core/platform/base/log_journal.hpp"
#include "tests/support/process/datagram_socket.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::base {
namespace journal_test {

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() { log::send_to_journal(journal_.path()); }
  ~JournalTest() override { log::send_to_journal({}); }

  // The datagram of the latest event, and whether it has that line.
  const std::string& latest() {
    journal_.wait_for("MESSAGE=");
    return journal_.heard().back();
  }
  static bool has(const std::string& datagram, const std::string& line) {
    return ("\n" + datagram).find("\n" + line + "\n") != std::string::npos;
  }

  testing::TempFolder folder_;
  testing::DatagramSocket journal_{folder_ / "journal"};
};

TEST_F(JournalTest, GetsFieldsThatCanBeAskedFor) {
  const log::Scope scope({{"operation", "11111111-2222-4333-8444-555555555555"},
                          {"attempt", 2},
                          {"fence", 7},
                          {"repository", "https://user:secret@host/a.git"},
                          {"delivery", "d-1"},
                          {"step", "publish"}});
  log::error("attempt ended", {{"code", "pack_broken"}, {"duration_ms", 1250}});
  const auto& entry = latest();
  for (const char* line :
       {"PRIORITY=3", "DEVY_OPERATION_ID=11111111-2222-4333-8444-555555555555", "DEVY_ATTEMPT=2",
        "DEVY_EPOCH=7", "DEVY_DELIVERY=d-1", "DEVY_PHASE=publish", "DEVY_ERROR_CODE=pack_broken",
        "DEVY_DURATION_MS=1250"})
    EXPECT_TRUE(has(entry, line)) << line << '\n' << entry;
  EXPECT_NE(entry.find("DEVY_REPO="), std::string::npos);
  EXPECT_EQ(entry.find("secret"), std::string::npos) << entry;
  EXPECT_TRUE(entry.starts_with(
      "MESSAGE=attempt ended code=\"pack_broken\" duration_ms=1250 operation=\"1111"))
      << entry;
}

TEST_F(JournalTest, HasOneIdForOneKindOfEvent) {
  const auto id_of = [](const std::string& event) {
    const auto entry =
        journal_datagram({.priority = 6, .event = event, .message = "x", .fields = {}});
    const auto at = entry.find("MESSAGE_ID=") + 11;
    return entry.substr(at, entry.find('\n', at) - at);
  };
  EXPECT_EQ(id_of("upload published").size(), 32U);
  EXPECT_EQ(id_of("upload published"), id_of("upload published"));
  EXPECT_NE(id_of("upload published"), id_of("attempt ended"));
}

// Whatever a value is, it cannot begin a field of its own.
TEST_F(JournalTest, TakesNoValueForAField) {
  log::warning("blog frozen", {{"reason", "x\nPRIORITY=0\nDEVY_OPERATION_ID=forged"}});
  EXPECT_FALSE(has(latest(), "PRIORITY=0")) << latest();
  const auto raw = journal_datagram(
      {.priority = 6, .event = "e", .message = "m", .fields = {{"reason", "a\nPRIORITY=0"}}});
  using namespace std::string_literals;
  EXPECT_NE(raw.find("DEVY_REASON\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\n"s), std::string::npos);
}

TEST_F(JournalTest, UsesStderrWithoutAJournal) {
  EXPECT_FALSE(Journal(folder_ / "nobody").send("MESSAGE=x\n"));
  EXPECT_FALSE(Journal("/" + std::string(200, 'x')).send("MESSAGE=x\n"));
  log::send_to_journal(folder_ / "nobody");
  ::testing::internal::CaptureStderr();
  log::error("journal lost", {{"count", 1}});
  const auto said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("event=\"journal lost\" count=1"), std::string::npos) << said;
}

TEST_F(JournalTest, IsKnownByItsDeviceAndInode) {
  const Descriptor file(::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  struct stat facts {};
  ASSERT_EQ(fstat(file.get(), &facts), 0);
  const auto stream = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
  EXPECT_TRUE(is_journal(stream.c_str(), file.get()));
  EXPECT_FALSE(is_journal((stream + "1").c_str(), file.get()));
  EXPECT_FALSE(is_journal("", file.get()));
  EXPECT_FALSE(is_journal(nullptr, file.get()));
  EXPECT_FALSE(is_journal(stream.c_str(), -1));
}

}  // namespace journal_test
}  // namespace devy::base
