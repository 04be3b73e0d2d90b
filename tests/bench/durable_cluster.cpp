#include "tests/bench/durable_cluster.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "core/platform/cluster/private_cluster.hpp"

namespace devy::bench {
namespace {

class Removal {
 public:
  Removal(const cluster::ClusterPaths& paths, const std::filesystem::path& folder)
      : paths_(paths), folder_(folder) {}
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;
  ~Removal() {
    try {
      cluster::stop_cluster(paths_, cluster::StopMode::immediate);
      std::filesystem::remove_all(folder_);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "unable to remove the benchmark's cluster: %s\n", error.what());
    }
  }

 private:
  const cluster::ClusterPaths& paths_;
  const std::filesystem::path& folder_;
};

}  // namespace

int run_on_private_cluster(const std::function<int(const std::string& conninfo)>& act) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("devy-bench-" + std::to_string(::getpid()));
  const cluster::ClusterPaths paths{folder / "data", folder / "socket",
                                    folder / "data" / "server.log"};
  const Removal removal(paths, folder);
  return act(cluster::start_cluster(paths));
}

}  // namespace devy::bench
