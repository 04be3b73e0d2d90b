#include "tests/support/postgres/cluster_folder.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace devy::testing {

namespace fs = std::filesystem;

ClusterFolder::ClusterFolder() {
  auto pattern = (fs::temp_directory_path() / "devy-postgres-XXXXXX").string();
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
