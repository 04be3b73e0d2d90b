// The private cluster with the installed PostgreSQL: each test makes its own in a folder of its
// own.
#include "core/platform/cluster/private_cluster.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/platform/base/error.hpp"
#include "tests/support/postgres/cluster_folder.hpp"
#include "tests/support/postgres/psql.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::cluster {
namespace private_cluster_test {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using devy::testing::psql;

// Sets a variable for one test and puts the old value back.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_) setenv(name_, before_->c_str(), 1);
    else unsetenv(name_);
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

class PrivateCluster : public ::testing::Test {
 protected:
  PrivateCluster() { place(own_folder_.path() / "base"); }
  ~PrivateCluster() override { stop_cluster(paths_, StopMode::immediate); }

  void place(const std::filesystem::path& base) {
    const Variable variable("DEVY_CLUSTER_DIRECTORY", base.string());
    paths_ = default_cluster_paths();
  }

  std::string start() { return start_cluster(paths_, {.is_throwaway = true}); }

  // What a crash of the machine leaves: the lock file of a server that is gone.
  void write_pid_file(pid_t pid) const {
    std::ofstream(paths_.data_directory + "/postmaster.pid")
        << pid << '\n'
        << paths_.data_directory << "\n1700000000\n5432\n"
        << paths_.socket_directory << "\n\n";
  }

  devy::testing::ClusterFolder own_folder_;
  ClusterPaths paths_;
};

class SharedCluster : public PrivateCluster {
 protected:
  SharedCluster() { place(folder_->path()); }
  static void SetUpTestSuite() { folder_ = std::make_unique<devy::testing::ClusterFolder>(); }
  static void TearDownTestSuite() { folder_.reset(); }
  static inline std::unique_ptr<devy::testing::ClusterFolder> folder_;
};

Error error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::internal, "nothing was thrown"};
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(SharedCluster, StartsAndIsFoundAgainFromTheDataFolderAlone) {
  const auto conninfo = start();
  EXPECT_EQ(psql(conninfo, "select current_user, current_database()"), "devy|devy\n");
  auto elsewhere = paths_;
  elsewhere.socket_directory = "/nonexistent";
  EXPECT_EQ(find_running_cluster(elsewhere), conninfo);
}

TEST_F(SharedCluster, IsUtf8AndChecksummedAndHasNoTcp) {
  const auto conninfo = start();
  EXPECT_EQ(psql(conninfo, R"sql(
    select current_setting('server_encoding'), datcollate, current_setting('data_checksums'),
           '<' || current_setting('listen_addresses') || '>'
      from pg_database where datname = current_database())sql"),
            "UTF8|C.UTF-8|on|<>\n");
}

TEST_F(SharedCluster, IsDurableUnlessItIsThrownAway) {
  static_cast<void>(start());
  stop_cluster(paths_);
  const auto conninfo = start_cluster(paths_);
  EXPECT_EQ(psql(conninfo, R"sql(
    select current_setting('fsync'), current_setting('synchronous_commit'),
           current_setting('full_page_writes'))sql"),
            "on|on|on\n");
}

TEST_F(SharedCluster, ReturnsTheRunningServerOnASecondStart) {
  const auto first = start();
  const auto pid = cluster_status(paths_).pid;
  EXPECT_EQ(start(), first);
  EXPECT_EQ(cluster_status(paths_).pid, pid);
}

// A server of which nothing but its socket is left.
class LoneSocket {
 public:
  explicit LoneSocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
  }
  LoneSocket(const LoneSocket&) = delete;
  LoneSocket& operator=(const LoneSocket&) = delete;
  ~LoneSocket() { ::close(socket_); }

 private:
  int socket_;
};

TEST_F(PrivateCluster, SaysWhoseItIsAndWhatOfItIsGone) {
  fs::create_directories(paths_.data_directory);
  devy::testing::write_text(paths_.data_directory + "/base", "x");
  const auto without_version = error_of([&] { (void)start(); });
  EXPECT_EQ(without_version.code(), "database_incomplete");
  EXPECT_NE(without_version.text().find("PG_VERSION is gone"), std::string::npos);
  EXPECT_NE(without_version.hint().find("backup"), std::string::npos);

  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(paths_.data_directory.c_str(), 12345, 12345), 0);
    ASSERT_EQ(::seteuid(65534), 0);
    const auto found = error_of([&] { (void)find_running_cluster(paths_); });
    const auto stopped = error_of([&] { (void)stop_cluster(paths_); });
    const auto fault = cluster_status(paths_).fault;
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_EQ(found.code(), "database_foreign");
    EXPECT_EQ(found.kind(), ErrorKind::denied);
    EXPECT_EQ(stopped.code(), "database_foreign");
    EXPECT_FALSE(fault.empty());
  }

  fs::remove_all(paths_.data_directory);
  fs::create_directories(paths_.socket_directory);
  const LoneSocket server(paths_.socket_directory + "/.s.PGSQL.5432");
  const auto without_data = error_of([&] { (void)start(); });
  EXPECT_EQ(without_data.code(), "database_incomplete");
  EXPECT_NE(without_data.text().find("a server still answers"), std::string::npos);
}

TEST_F(PrivateCluster, StartsOneServerWhenStartedTwiceAtOnce) {
  std::string one, other;
  std::thread beside([&] { one = start(); });
  other = start();
  beside.join();
  EXPECT_EQ(one, other);
  EXPECT_TRUE(cluster_status(paths_).is_running);
}

TEST_F(SharedCluster, StopsOnceAndKeepsItsData) {
  auto conninfo = start();
  static_cast<void>(psql(conninfo, "create or replace view kept as select 42 as answer"));
  EXPECT_TRUE(stop_cluster(paths_));
  EXPECT_FALSE(stop_cluster(paths_));
  EXPECT_FALSE(find_running_cluster(paths_));
  EXPECT_TRUE(cluster_status(paths_).is_initialised);
  conninfo = start();
  EXPECT_EQ(psql(conninfo, "select answer from kept"), "42\n");
}

TEST_F(SharedCluster, KeepsItsFoldersForItsOwner) {
  static_cast<void>(start());
  for (const auto& path : {paths_.data_directory, paths_.socket_directory}) {
    struct stat folder {};
    ASSERT_EQ(stat(path.c_str(), &folder), 0);
    EXPECT_EQ(folder.st_mode & 07777U, 0700U) << path;
    EXPECT_TRUE(geteuid() != 0 || folder.st_uid != 0) << path;
  }
}

TEST_F(SharedCluster, RunsAsAnotherUserForRootWhoCanConnect) {
  if (geteuid() != 0) GTEST_SKIP() << "not root";
  const auto conninfo = start();
  struct stat process {};
  const auto entry = "/proc/" + std::to_string(cluster_status(paths_).pid);
  ASSERT_EQ(stat(entry.c_str(), &process), 0);
  EXPECT_NE(process.st_uid, 0U);
  EXPECT_EQ(psql(conninfo, "select 1"), "1\n");
}

TEST_F(SharedCluster, StartsDespiteTheLeftoverPidFileOfADeadServer) {
  static_cast<void>(start());
  stop_cluster(paths_);
  write_pid_file(getpid());  // alive, and no PostgreSQL
  EXPECT_FALSE(find_running_cluster(paths_));
  EXPECT_EQ(cluster_status(paths_).pid, 0);
  EXPECT_NO_THROW(static_cast<void>(start()));
}

TEST_F(SharedCluster, RecoversFromACrash) {
  auto conninfo = start();
  static_cast<void>(psql(conninfo, "create or replace view kept as select 42 as answer"));
  EXPECT_TRUE(stop_cluster(paths_, StopMode::immediate));
  conninfo = start();
  EXPECT_EQ(psql(conninfo, "select answer from kept"), "42\n");
}

TEST_F(PrivateCluster, ReplacesAnUnfinishedCluster) {
  fs::create_directories(paths_.data_directory + ".partial/base");
  EXPECT_NO_THROW(static_cast<void>(start()));
  EXPECT_FALSE(fs::exists(paths_.data_directory + ".partial"));
}

TEST_F(SharedCluster, ReportsMissingProgramsWithAHint) {
  const Variable nowhere("DEVY_POSTGRES_BINDIR", own_folder_.path().string());
  const auto error = error_of([&] { static_cast<void>(start()); });
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_EQ(error.text(),
            "unable to find initdb and pg_ctl in '" + own_folder_.path().string() + "'");
  EXPECT_TRUE(has(error.hint(), "DEVY_POSTGRES_BINDIR")) << error.hint();
  EXPECT_EQ(base::exit_code(error), 7);
}

TEST_F(PrivateCluster, NamesThePackageForAClusterOfAnotherVersion) {
  static_cast<void>(start());
  stop_cluster(paths_);
  std::ofstream(paths_.data_directory + "/PG_VERSION") << "9\n";
  const auto error = error_of([&] { static_cast<void>(start()); });
  EXPECT_EQ(error.text(), "unable to find the programs of PostgreSQL 9, which made this cluster");
  EXPECT_TRUE(has(error.hint(), "apt-get install postgresql-9")) << error.hint();
}

TEST_F(PrivateCluster, ShowsTheServersLogWhenTheStartFails) {
  static_cast<void>(start());
  stop_cluster(paths_);
  std::ofstream(paths_.data_directory + "/postgresql.conf", std::ios::app) << "nonsense = 1\n";
  const auto error = error_of([&] { static_cast<void>(start()); });
  EXPECT_EQ(error.code(), "database_start_failed");
  EXPECT_TRUE(has(error.text(), "unrecognized configuration parameter \"nonsense\""))
      << error.text();
  EXPECT_TRUE(has(error.hint(), paths_.log_file)) << error.hint();
}

TEST_F(SharedCluster, RefusesASocketPathThatIsTooLong) {
  paths_.socket_directory = own_folder_.path().string() + "/" + std::string(100, 'x');
  const auto error = error_of([&] { static_cast<void>(start()); });
  EXPECT_EQ(error.kind(), ErrorKind::config);
  EXPECT_TRUE(has(error.text(), "at most 107 are possible")) << error.text();
}

TEST_F(PrivateCluster, WorksInAFolderWithAnUnusualName) {
  const auto base = own_folder_.path().string() + "/it's odd";
  paths_ = {base + "/data", base + "/socket", base + "/data/server.log"};
  EXPECT_EQ(psql(start(), "select 1"), "1\n");
}

TEST_F(SharedCluster, RefusesForRootAFolderThatItsUserCannotEnter) {
  if (geteuid() != 0) GTEST_SKIP() << "not root";
  const auto closed = own_folder_.path() / "closed";
  fs::create_directory(closed);
  fs::permissions(closed, fs::perms::owner_all);
  paths_ = {closed / "base/data", closed / "base/socket", closed / "base/data/server.log"};
  const auto error = error_of([&] { static_cast<void>(start()); });
  EXPECT_TRUE(has(error.text(), "may not enter it")) << error.text();
  EXPECT_TRUE(has(error.hint(), "does not run as root")) << error.hint();
}

TEST(DefaultClusterPaths, BelongsToTheUser) {
  const Variable none("DEVY_CLUSTER_DIRECTORY", "");
  const auto paths = default_cluster_paths();
  const auto* place = geteuid() == 0 ? "/devy-upload-cluster/" : "devy-upload/postgresql/data";
  EXPECT_TRUE(has(paths.data_directory, place)) << paths.data_directory;
  EXPECT_EQ(paths.log_file, paths.data_directory + "/server.log");
}

TEST(DefaultClusterPaths, HasItsOwnFoldersForEachHome) {
  const Variable none("DEVY_CLUSTER_DIRECTORY", ""), data("XDG_DATA_HOME", "");
  const devy::testing::TempFolder folder;
  const Variable runtime("XDG_RUNTIME_DIR", folder.path());
  const auto of = [](const char* home) {
    const Variable variable("HOME", home);
    return default_cluster_paths();
  };
  const auto one = of("/srv/one"), other = of("/srv/two");
  EXPECT_NE(one.data_directory, other.data_directory);
  EXPECT_NE(one.socket_directory, other.socket_directory);
  EXPECT_EQ(one.data_directory, of("/srv/one").data_directory);
  EXPECT_LT(one.socket_directory.size() + std::string_view("/.s.PGSQL.5432").size(),
            socket_path_bytes_max);
}

// The service manager chowns and removes the folders that it makes for the unit.
TEST(DefaultClusterPaths, IsApartFromTheFoldersOfTheUnit) {
  const Variable none("DEVY_CLUSTER_DIRECTORY", "");
  const auto paths = default_cluster_paths();
  for (const auto& path : {paths.data_directory, paths.socket_directory})
    for (const auto* unit : {"/var/lib/devy-upload/", "/run/devy-upload/"})
      EXPECT_FALSE((path + "/").starts_with(unit)) << path;
}

}  // namespace private_cluster_test
}  // namespace devy::cluster
