// F38: the journal, played by a socket in its place, and its end.
#include <filesystem>
#include <optional>

#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/faults/daemon/small_disk.hpp"

namespace devy::testing {
namespace journal_test {

class DaemonJournal : public FaultFixture {
 protected:
  // Its folder is this test's own: whatever else is below /run is out of sight.
  void SetUp() override {
    if (!enter_own_mounts()) GTEST_SKIP() << "not runnable here: only root may mount a disk";
    constexpr std::uint64_t bytes = 1ULL << 20U;
    run_.emplace("/run", bytes);
    std::filesystem::create_directories("/run/systemd/journal");
    journal_.emplace("/run/systemd/journal/socket");
  }

  // The event of that phrase about the upload, once it has come.
  std::string event(const std::string& phrase, const std::string& upload) {
    const auto find = [&] {
      for (const auto& datagram : journal_->heard())
        if (datagram.starts_with("MESSAGE=" + phrase) &&
            datagram.find("\nDEVY_OPERATION_ID=" + upload + "\n") != std::string::npos)
          return datagram;
      return std::string();
    };
    wait_until([&] { return !find().empty(); }, "the journal to hear of it");
    return find();
  }

  std::optional<SmallDisk> run_;
  std::optional<DatagramSocket> journal_;
};

TEST_F(DaemonJournal, NamesTheUploadInEachEventAndIsOptional) {
  const auto blog = new_blog();
  auto call = daemon_call();
  call.environment["DEVY_LOG_LEVEL"] = "info";
  call.is_below_journal = true;
  Program daemon(call);
  service_manager_.wait_for("READY=1");
  auto id = trigger(blog);
  const auto published = event("upload published", id);
  for (const auto* field : {"\nMESSAGE_ID=", "\nPRIORITY=6\n", "\nDEVY_ATTEMPT=1\n",
                            "\nDEVY_EPOCH=", "\nDEVY_PHASE=publish\n", "\nDEVY_REPO=http://",
                            "\nSYSLOG_IDENTIFIER=devy-uploadd\n"})
    EXPECT_NE(published.find(field), std::string::npos) << field << published;
  EXPECT_NE(event("attempt ended", id).find("\nDEVY_DURATION_MS="), std::string::npos);
  // Nobody listens there any more: stderr hears the rest.
  std::filesystem::remove(journal_->path());
  journal_.reset();
  authors_[0]->write_file("second.md", "# Second\n");
  authors_[0]->commit("Write another");
  authors_[0]->push(server_->url("user1/blog.git"));
  id = trigger(blog);
  daemon.wait_for("event=\"upload published\" operation=\"" + id);
  expect_all_well(daemon);
}

}  // namespace journal_test
}  // namespace devy::testing
