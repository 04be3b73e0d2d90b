#pragma once
// The role `listener`: hears deliveries and the API, and commits what they bring. May insert
// deliveries and record uploads, nothing else; knows no git and renders nothing. Its threads: the
// server's loop and pool, one that keeps GitHub's addresses, one that reports.
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

#include "core/base/descriptor.hpp"
#include "core/config/config.hpp"
#include "core/process/child.hpp"
#include "daemon/http_server.hpp"
#include "daemon/listener_counters.hpp"

namespace devy::daemon {

// Reads the secrets, keys and certificates that a listener would, and forgets them: before a reload
// replaces one that works. Throws Error(config) naming the file.
void check_listener_files(const config::Config& config);

struct ListenerSetup {
  config::Config config;
  std::string conninfo;
  std::vector<base::Descriptor> sockets;  // bound and listening
  // A class of SQLSTATEs that something was done again for; any thread.
  std::function<void(std::string_view)> on_database_retry = {};
};

class Listener {
 public:
  // Throws Error(config) for secrets, keys and certificates that cannot be used.
  explicit Listener(ListenerSetup setup);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  // Until told to stop; then what was heard whole is answered.
  void run(const std::stop_token& stop);
  [[nodiscard]] ListenerNumbers numbers() const;         // any thread
  [[nodiscard]] ServerCounters server_counters() const;  // any thread
  // Of GitHub's addresses, where they are checked; any thread.
  [[nodiscard]] std::optional<std::chrono::seconds> ranges_age() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// As a child of the supervisor. Returns the exit status.
int run_listener(process::Parent& parent);

}  // namespace devy::daemon
