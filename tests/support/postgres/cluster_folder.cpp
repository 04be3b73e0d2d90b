#include "tests/support/postgres/cluster_folder.hpp"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace devy::testing {

namespace fs = std::filesystem;

namespace {

// Memory that a memory file system must have left: what the clusters of a few programs, which run
// beside each other, take at most, several times over.
constexpr std::uintmax_t memory_bytes_min = std::uintmax_t{4} << 30U;

// A fresh database for each test is a copy of hundreds of files.
fs::path parent_folder() {
  const fs::path memory = "/dev/shm";
  std::error_code ignored;
  if (std::getenv("TMPDIR") == nullptr && access(memory.c_str(), W_OK | X_OK) == 0 &&
      fs::space(memory, ignored).available >= memory_bytes_min && !ignored)
    return memory;
  return fs::temp_directory_path();
}

}  // namespace

ClusterFolder::ClusterFolder() {
  auto pattern = (parent_folder() / "devy-postgres-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr || chmod(pattern.c_str(), 0711) != 0)
    throw std::runtime_error("unable to make '" + pattern +
                             "': " + std::generic_category().message(errno));
  path_ = pattern;
}

ClusterFolder::~ClusterFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace devy::testing
