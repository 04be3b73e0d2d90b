// F11, F30, F31, F35: disks that are full, read-only, or lose what was on them.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <random>

#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/faults/daemon/small_disk.hpp"

namespace devy::testing {
namespace disk_test {

// Before the first test, because PostgreSQL has to see what is mounted later.
class OwnMounts : public ::testing::Environment {
 public:
  void SetUp() override { are_allowed = enter_own_mounts(); }
  static inline bool are_allowed = false;
};
const auto* const own_mounts = ::testing::AddGlobalTestEnvironment(new OwnMounts);

constexpr std::uint64_t small_bytes = 2ULL << 20U;

class Upload : public FaultFixture {
 protected:
  void SetUp() override {
    static_cast<void>(own_mounts);
    if (!OwnMounts::are_allowed) GTEST_SKIP() << "not runnable here: only root may mount a disk";
  }

  // The first attempt fails, is not repeated in haste, and the second does not.
  void expect_second_try(Program& daemon, const std::string& id, const std::string& code,
                         const std::function<void()>& mend) {
    wait_until_ended(daemon, id, 1, "verified");
    EXPECT_EQ(fate_of(id), "1 verified " + code);
    EXPECT_EQ(database_.number("select count(*) from devy.attempt where outcome = 'retry' and"
                               " error_hint <> ''"),
              1);
    EXPECT_EQ(database_.number("select count(*) from devy.operation where run_at > (select"
                               " max(ended_at) from devy.attempt) + interval '1 second'"),
              1);
    mend();
    make_due();
    wait_until_ended(daemon, id, 2, "completed");
    expect_all_well(daemon);
  }
};

TEST_F(Upload, WaitsWhileTheScratchDiskIsFull) {
  configure_more("[limits]\nscratch_free_bytes_min = 0\n");  // else nothing is begun there
  const SmallDisk disk(runtime_directory(), small_bytes);
  const auto blog = new_blog_of(2);
  auto daemon = start();
  disk.fill();
  expect_second_try(*daemon, trigger(blog), "disk_full", [&] { disk.empty(); });
}

// A write that is short: some of the pack fits, and the rest does not.
TEST_F(Upload, WaitsWhenTheScratchDiskFillsDuringAPack) {
  configure_more("[limits]\nscratch_free_bytes_min = 0\n");
  const SmallDisk disk(runtime_directory(), small_bytes);
  const auto blog = new_blog();
  std::minstd_rand noise(1);  // always the same, and nothing that a pack makes small
  std::string text(std::size_t{400} << 10U, ' ');
  for (auto& byte : text)
    byte = static_cast<char>('!' + noise() % 90);
  authors_.back()->write_file("large.md", text);
  authors_.back()->commit("Write much");
  authors_.back()->push(folder_ / "repositories/user1/blog.git");
  auto daemon = start();
  disk.fill(std::uint64_t{128} << 10U);
  expect_second_try(*daemon, trigger(blog), "disk_full", [&] { disk.empty(); });
}

// F30: it becomes full while the worker is exactly there. What needs no more room goes on.
class UploadOnFullDisk : public Upload, public ::testing::WithParamInterface<const char*> {};

TEST_P(UploadOnFullDisk, LosesAtMostOneAttempt) {
  configure_more("[limits]\nscratch_free_bytes_min = 0\n");
  const SmallDisk disk(runtime_directory(), small_bytes);
  const auto blog = new_blog_of(3);
  auto daemon = start_with(std::string(GetParam()) + ":1=stop");
  const auto id = trigger(blog);
  const auto worker = wait_for_a_stopped(*daemon);
  disk.fill();
  ASSERT_EQ(::kill(worker, SIGCONT), 0);
  wait_until([&] { return !database_.scalar("select max(ended_at) from devy.attempt").empty(); },
             "the attempt to end");
  const auto fate = fate_of(id);
  EXPECT_TRUE(fate == "1 completed" || fate == "1 verified disk_full") << fate;
  disk.empty();
  make_due();
  wait_until_state(id, "completed");
  expect_all_well(*daemon);
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, UploadOnFullDisk,
                         ::testing::Values("during_fetch", "after_fetch", "before_folder_rename",
                                           "during_render"),
                         [](const auto& point) { return std::string(point.param); });

TEST_F(Upload, WaitsWhileTheScratchDiskIsReadOnly) {
  configure_more("[limits]\nscratch_free_bytes_min = 0\n");  // else nothing is begun there
  const SmallDisk disk(runtime_directory(), small_bytes);
  const auto blog = new_blog_of(2);
  auto daemon = start();
  disk.make_read_only();
  expect_second_try(*daemon, trigger(blog), "runtime_directory", [&] { disk.make_writable(); });
}

// PostgreSQL's own: the posts lie on a disk that is full.
TEST_F(Upload, WaitsWhileTheDiskIsFull) {
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
    expect_second_try(*daemon, trigger(blog), "database_full", [&] {
      wait_for_answer("/metrics", 200, "devy_db_retries_total{sqlstate_class=\"53\"} 1");
      disk.empty();
    });
    database_.execute("alter table devy.post set tablespace pg_default");
    database_.execute("drop tablespace small");
  }
  std::filesystem::remove(folder);
}

// PostgreSQL's log of writes lies on a disk of its own, as many have it, and goes back at the end.
class UploadOnFullLogDisk : public Upload {
 protected:
  void SetUp() override {
    Upload::SetUp();
    if (IsSkipped()) return;
    postgres().stop(cluster::StopMode::fast);
    std::filesystem::copy(folder(), aside(), std::filesystem::copy_options::recursive);
    std::uint64_t bytes = std::uint64_t{40} << 20U;  // for two segments more
    for (const auto& segment : std::filesystem::directory_iterator(aside()))
      bytes += segment.is_regular_file() ? segment.file_size() : 0;
    disk_.emplace(folder(), bytes);
    move(aside(), folder());
    postgres().start();
  }
  void TearDown() override {
    if (!disk_) return;
    disk_->empty();
    postgres().stop(cluster::StopMode::fast);
    std::filesystem::copy(folder(), aside(), std::filesystem::copy_options::recursive);
    disk_.reset();
    std::filesystem::remove_all(folder());
    std::filesystem::create_directory(folder());
    move(aside(), folder());
    postgres().start();
  }

  [[nodiscard]] static std::filesystem::path folder() {
    return postgres().paths().data_directory + "/pg_wal";
  }
  [[nodiscard]] static std::filesystem::path aside() {
    return postgres().paths().data_directory + "/pg_wal.aside";
  }
  // What is there belongs to the server, as everything in its folder.
  static void move(const std::filesystem::path& from, const std::filesystem::path& to) {
    struct stat owner {};
    ASSERT_EQ(::stat(postgres().paths().data_directory.c_str(), &owner), 0);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(from);
    ASSERT_EQ(::chown(to.c_str(), owner.st_uid, owner.st_gid), 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(to))
      ASSERT_EQ(::chown(entry.path().c_str(), owner.st_uid, owner.st_gid), 0);
  }

  std::optional<SmallDisk> disk_;
};

// PostgreSQL panics then, and does not come back before there is room.
TEST_F(UploadOnFullLogDisk, WaitsUntilThereIsSpace) {
  const auto blog = new_blog();
  auto daemon = start();
  wait_until_state(trigger(blog), "completed");
  disk_->fill();
  EXPECT_THROW(database_.execute("create table much as select md5(n::text) as text from"
                                 " generate_series(1, 1000000) n"),
               std::runtime_error);
  wait_for_answer("/readyz", 503, "database: ");
  wait_for_answer("/metrics", 200, "devy_db_up 0");
  EXPECT_EQ(deliver(1), 503);
  EXPECT_EQ(get("/healthz").status, 200);
  disk_->empty();
  // A server that had begun to recover while the disk was full may end yet.
  postgres().restart();
  wait_for_answer("/readyz", 200, "");
  wait_for_answer("/metrics", 200, "devy_db_retries_total{sqlstate_class=\"08\"} ");
  EXPECT_EQ(deliver(1) / 100, 2);
  wait_until_state(trigger(blog), "completed");
  expect_all_well(*daemon);
}

// F35: everything is killed at once, and what no fsync had reached is garbage.
TEST_F(Upload, LosesNoPostWhenTheDiskLosesUnsyncedWrites) {
  const auto blog = new_blog_of(3);
  Program killed(call_with("before_post_write:2=stop"));
  killed.wait_for("event=\"daemon ready\"");
  const auto id = trigger(blog);
  const auto worker = wait_for_a_stopped(killed);
  ::kill(killed.pid(), SIGKILL);
  ::kill(worker, SIGKILL);
  postgres().restart(cluster::StopMode::immediate);
  static_cast<void>(killed.wait());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(runtime_directory()))
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), 0);
  auto daemon = start();
  wait_until_state(id, "completed");
  wait_until([&] { return std::filesystem::is_empty(runtime_directory()); }, "the sweep");
  expect_all_well(*daemon);
}

}  // namespace disk_test
}  // namespace devy::testing
