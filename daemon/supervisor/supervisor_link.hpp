#pragma once
// A child's end of its pipes to the supervisor: it receives the child's setup and the orders to
// leave, and sends reports. A thread of its own reads the orders.
//
//   setup  config conninfo        the first thing said
//   drain                         finish what runs, begin nothing, leave
//   stop                          give back what runs, and leave
// Anything else goes to on_report. report() may be called from any thread.

#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/process/child.hpp"
#include "daemon/supervisor/report.hpp"

namespace devy::daemon {

struct ChildSetup {
  config::Config config;
  std::string conninfo;
};
[[nodiscard]] Report to_report(const ChildSetup& setup);

class SupervisorLink {
 public:
  using OnReport = std::function<void(SupervisorLink&, const Report&)>;

  // Waits for the setup and configures the log by it. Throws Error(internal) when the first message
  // is anything else. `on_report` is called from the link's thread.
  explicit SupervisorLink(process::Parent& parent, OnReport on_report = {});
  SupervisorLink(const SupervisorLink&) = delete;
  SupervisorLink& operator=(const SupervisorLink&) = delete;
  ~SupervisorLink();

  [[nodiscard]] const ChildSetup& setup() const { return setup_; }
  [[nodiscard]] const std::vector<int>& sockets() const { return parent_.descriptors(); }
  void report(const Report& report);
  // stop() implies drain().
  [[nodiscard]] std::stop_token drain() const { return drain_.get_token(); }
  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }

 private:
  void listen(const std::stop_token& ending);

  process::Parent& parent_;
  OnReport on_report_;
  ChildSetup setup_;
  std::mutex sending_;
  std::stop_source drain_, stop_;
  base::Descriptor ending_event_;
  std::jthread thread_;  // declared last, because it uses everything above
};

}  // namespace devy::daemon
