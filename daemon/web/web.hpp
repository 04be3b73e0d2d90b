#pragma once
// The role web: pages for operators and users, and JSON APIs (web.md, "Role"). A process of its own
// with a database role that may do what pages do, and nothing else. It knows no webhook secret, no
// App's key and no token of a CRM.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/process/child.hpp"
#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

struct WebSetup {
  config::Config config;
  std::string conninfo;
  std::vector<base::Descriptor> sockets;
};

// Serves in threads of its own; any thread may ask for its numbers.
class Web {
 public:
  // Throws Error(config) for files of the configuration that cannot be used, Error(internal) for a
  // template that breaks a rule.
  explicit Web(WebSetup setup);
  ~Web();
  Web(const Web&) = delete;
  Web& operator=(const Web&) = delete;

  // Serves until asked to stop, then answers what it has taken.
  void run(const std::stop_token& stop);
  [[nodiscard]] WebNumbers numbers() const;
  [[nodiscard]] std::map<std::string, std::int64_t> file_numbers() const;  // as FileCounters names
  // Browsers that are logged in; nothing while the database is away.
  [[nodiscard]] std::optional<std::int64_t> count_sessions() const;
  [[nodiscard]] server::ServerCounters server_counters() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Throws Error(config) for files of the configuration that the role could not work with.
void check_web_files(const config::Config& config);
// The role of the process.
int run_web(process::Parent& parent);

}  // namespace devy::daemon
