#pragma once
// The role `listener`: receives webhook deliveries and API requests, and commits what they ask for.
// It may insert deliveries and record uploads, nothing else; it knows no git and renders nothing.
// Threads: the server's event loop and pool, one that refreshes GitHub's addresses, one that
// reports.
//
// Reports: ready {address} · counters, every second: deliveries.<event>.<verdict>,
// refused.<reason>, requests, duration_us, in_flight, last_delivery_seconds, ranges_age_seconds ·
// database_retry {class}.

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/process/child.hpp"
#include "daemon/listener/listener_counters.hpp"

namespace devy::daemon {

// Reads the secrets, keys and certificates that a listener would read, and discards them: a check
// before a reload replaces a listener that works. Throws Error(config) naming the file.
void check_listener_files(const config::Config& config);

struct ListenerSetup {
  config::Config config;
  std::string conninfo;
  std::vector<base::Descriptor> sockets;  // bound and listening
  // Called with the class of SQLSTATEs when something is repeated after a database error; any
  // thread.
  std::function<void(std::string_view)> on_database_retry = {};
};

class Listener {
 public:
  // Throws Error(config) for secrets, keys and certificates that cannot be used.
  explicit Listener(ListenerSetup setup);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  // Runs until told to stop; requests received completely by then still get their responses.
  void run(const std::stop_token& stop);
  [[nodiscard]] ListenerNumbers numbers() const;                 // any thread
  [[nodiscard]] server::ServerCounters server_counters() const;  // any thread
  // The age of GitHub's addresses, where they are checked; any thread.
  [[nodiscard]] std::optional<std::chrono::seconds> ranges_age() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Runs the role as a child of the supervisor. Returns the exit status.
int run_listener(process::Parent& parent);

}  // namespace devy::daemon
