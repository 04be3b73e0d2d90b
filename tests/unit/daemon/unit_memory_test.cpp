// The limits of the shipped units and those of the configuration, added up: what the processes may
// take together stays below what kills them, and one large repository below what slows all of them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "core/platform/config/config.hpp"

namespace devy::daemon {
namespace unit_memory_test {

using config::kibibyte;
using config::mebibyte;

// A process that has nothing to do, with its code; and what one holds beyond its named limits.
constexpr std::uint64_t process_bytes = 64 * mebibyte;
// Of an object in a pack's index: its name, checksum and place.
constexpr std::uint64_t index_entry_bytes = 28;

class Unit {
 public:
  explicit Unit(const std::string& name) {
    std::ifstream file(std::string(DEVY_UNITS_FOLDER) + "/" + name);
    for (std::string line; std::getline(file, line);)
      if (const auto equals = line.find('='); equals != std::string::npos && line[0] != '#')
        settings_[line.substr(0, equals)] = line.substr(equals + 1);
  }
  [[nodiscard]] std::string text(const std::string& key) const { return settings_.at(key); }
  [[nodiscard]] std::uint64_t size(const std::string& key) const { return size_of(text(key)); }
  [[nodiscard]] std::uint64_t clones() const {
    const auto mount = text("TemporaryFileSystem");
    return size_of(mount.substr(mount.find("size=") + 5));
  }
  // As systemd reads it: "768M,mode=1777", "2G".
  static std::uint64_t size_of(const std::string& text) {
    std::istringstream words(text);
    std::uint64_t number = 0;
    char unit = ' ';
    words >> number >> unit;
    EXPECT_TRUE(unit == 'M' || unit == 'G') << text;
    return number * (unit == 'G' ? 1024 : 1) * mebibyte;
  }

 private:
  std::map<std::string, std::string> settings_;
};

// A worker at its limit with its child: it fetches or renders.
std::uint64_t worker_bytes(const config::Limits& limits) {
  return limits.worker_memory_bytes_max +
         std::max(limits.worker_memory_bytes_max, limits.render_memory_bytes_max);
}

std::uint64_t listener_bytes(const config::Config& config) {
  // Of each connection its head and the first bytes of its body, which no limit counts; a form is
  // decoded into a second body, and a batch copies the body that it stores.
  const auto connections =
      std::uint64_t{config.listener.connections_max} * (16 * kibibyte + 64 * kibibyte);
  return process_bytes + 2 * config.listener.bodies_bytes_max + connections;
}

// Pages hold small forms, and what they answer.
std::uint64_t web_bytes() {
  constexpr std::uint64_t connections_max = 512, page_bytes_max = 2 * mebibyte;
  return process_bytes + 2 * 8 * mebibyte + connections_max * (16 * kibibyte + 64 * kibibyte) +
         config::Web().threads * page_bytes_max;
}

// All but workers, listener and web: supervisor, maintenance with the children that ask remotes,
// admin, runners.
std::uint64_t other_bytes(const config::Config& config) {
  return process_bytes * (3 + config.reconcile.concurrency + config.runners.github);
}

class UnitMemory : public ::testing::TestWithParam<const char*> {};

TEST_P(UnitMemory, HasAFolderForClonesThatTheLargestFetchFitsInto) {
  const Unit unit(GetParam());
  const config::Limits limits;
  EXPECT_GE(unit.clones(), limits.pack_bytes_max + limits.scratch_free_bytes_min +
                               limits.pack_objects_max * index_entry_bytes);
  const auto mount = unit.text("TemporaryFileSystem");
  EXPECT_EQ(unit.text("Environment"), "DEVY_RUNTIME_DIRECTORY=" + mount.substr(0, mount.find(':')));
  EXPECT_LT(unit.size("MemoryHigh"), unit.size("MemoryMax"));
}

INSTANTIATE_TEST_SUITE_P(Units, UnitMemory,
                         ::testing::Values("devy-uploadd.service", "devy-upload-poll.service"));

TEST(DaemonUnit, HoldsTheSumOfAllLimits) {
  const Unit unit("devy-uploadd.service");
  const config::Config config;
  EXPECT_GE(unit.size("MemoryMax"), unit.clones() + listener_bytes(config) + web_bytes() +
                                        other_bytes(config) +
                                        config.workers.max * worker_bytes(config.limits));
}

// The other workers hold what they may keep between two operations.
TEST(DaemonUnit, IsNotSlowedByOneLargeRepository) {
  const Unit unit("devy-uploadd.service");
  const config::Config config;
  EXPECT_GE(unit.size("MemoryHigh"), unit.clones() + listener_bytes(config) + web_bytes() +
                                         other_bytes(config) + worker_bytes(config.limits) +
                                         (config.workers.max - 1) * config.workers.grown_bytes_max);
}

TEST(PollUnit, HoldsTheSumOfAllLimits) {
  const Unit unit("devy-upload-poll.service");
  const config::Config config;
  // One upload at a time, and the thread of the lane `github`.
  EXPECT_GE(unit.size("MemoryHigh"), unit.clones() + process_bytes + worker_bytes(config.limits));
}

}  // namespace unit_memory_test
}  // namespace devy::daemon
