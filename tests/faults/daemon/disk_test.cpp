// F11, F30, F31, F35: disks that are full, read-only, or lose what was on them.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/faults/daemon/small_disk.hpp"

namespace devy::testing {
namespace {

// Before the first test, because PostgreSQL has to see what is mounted later.
class OwnMounts : public ::testing::Environment {
 public:
  void SetUp() override { are_allowed = enter_own_mounts(); }
  static inline bool are_allowed = false;
};
const auto* const own_mounts = ::testing::AddGlobalTestEnvironment(new OwnMounts);

constexpr std::uint64_t small_bytes = 2ULL << 20U;

class Disk : public FaultFixture {
 protected:
  void SetUp() override {
    static_cast<void>(own_mounts);
    if (!OwnMounts::are_allowed) GTEST_SKIP() << "not runnable here: only root may mount a disk";
  }

  // The first attempt fails while `is_bad`, the second does not.
  void expect_second_try(Program& daemon, const std::string& id,
                         const std::function<void()>& mend) {
    wait_until_ended(daemon, id, 1, "verified");
    EXPECT_NE(database_.scalar("select error_hint from devy.attempt where number = 1"), "");
    mend();
    make_due();
    wait_until_ended(daemon, id, 2, "completed");
    expect_all_well(daemon);
  }
};

TEST_F(Disk, ThatIsFullForClonesIsWaitedFor) {
  configure_more("[limits]\nscratch_free_bytes_min = 0\n");  // else nothing is begun there
  const SmallDisk disk(runtime_directory(), small_bytes);
  const auto blog = new_blog_of(2);
  auto daemon = start();
  disk.fill();
  expect_second_try(*daemon, trigger(blog), [&] { disk.empty(); });
}

TEST_F(Disk, ThatIsReadOnlyForClonesIsWaitedFor) {
  configure_more("[limits]\nscratch_free_bytes_min = 0\n");  // else nothing is begun there
  const SmallDisk disk(runtime_directory(), small_bytes);
  const auto blog = new_blog_of(2);
  auto daemon = start();
  disk.make_read_only();
  expect_second_try(*daemon, trigger(blog), [&] { disk.make_writable(); });
}

// PostgreSQL's own: the posts lie on a disk that is full.
TEST_F(Disk, ThatIsFullForPostsIsWaitedFor) {
  const auto folder = postgres().paths().data_directory + "-small";
  {
    const SmallDisk disk(folder, small_bytes);
    struct stat owner {};
    ASSERT_EQ(::stat(postgres().paths().data_directory.c_str(), &owner), 0);
    ASSERT_EQ(::chown(folder.c_str(), owner.st_uid, owner.st_gid), 0);
    database_.execute("create tablespace small location '" + folder + "'");
    database_.execute("alter table devy.post set tablespace small");
    const auto blog = new_blog_of(40);
    auto daemon = start();
    disk.fill();
    expect_second_try(*daemon, trigger(blog), [&] { disk.empty(); });
    database_.execute("alter table devy.post set tablespace pg_default");
    database_.execute("drop tablespace small");
  }
  std::filesystem::remove(folder);
}

// F35: everything is killed at once, and what no fsync had reached is garbage.
TEST_F(Disk, ThatLosesWhatWasNotWrittenYetLosesNoPost) {
  const auto blog = new_blog_of(3);
  Program killed(call_with("W9:2=stop"));
  killed.wait_for("event=\"daemon ready\"");
  const auto id = trigger(blog);
  const auto worker = wait_for_a_stopped(killed);
  ::kill(killed.pid(), SIGKILL);
  ::kill(worker, SIGKILL);
  postgres().restart(pg::StopMode::immediate);
  static_cast<void>(killed.wait());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(runtime_directory()))
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), 0);
  auto daemon = start();
  wait_until_state(id, "completed");
  wait_until([&] { return std::filesystem::is_empty(runtime_directory()); }, "the sweep");
  expect_all_well(*daemon);
}

}  // namespace
}  // namespace devy::testing
