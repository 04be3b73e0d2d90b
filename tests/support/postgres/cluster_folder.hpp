#pragma once
// A folder for a test's PostgreSQL, gone with it. In memory, unless TMPDIR says where or the memory
// file system is a small one, which a cluster would fill. Other users may pass through it, because
// PostgreSQL runs as one of them where root runs the tests. Throws std::runtime_error. Not movable;
// any thread.

#include <filesystem>

namespace devy::testing {

class ClusterFolder {
 public:
  ClusterFolder();
  ClusterFolder(const ClusterFolder&) = delete;
  ClusterFolder& operator=(const ClusterFolder&) = delete;
  ~ClusterFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace devy::testing
