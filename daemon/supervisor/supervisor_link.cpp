#include "daemon/supervisor/supervisor_link.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/config/load.hpp"
#include "daemon/log_settings.hpp"

namespace devy::daemon {

Report to_report(const ChildSetup& setup) {
  return {"setup", {{"config", config::to_text(setup.config)}, {"conninfo", setup.conninfo}}};
}

SupervisorLink::SupervisorLink(process::Parent& parent, OnReport on_report)
    : parent_(parent),
      on_report_(std::move(on_report)),
      ending_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const auto frame = parent_.receive(report_bytes_max);
  const auto report = frame ? read_report(*frame) : std::nullopt;
  if (!report || report->name != "setup" || ending_event_.get() < 0)
    throw base::Error(base::ErrorKind::internal,
                      "unable to start: the supervisor says nothing of use");
  setup_ = {config::from_text(report->text("config")), report->text("conninfo")};
  configure_log(setup_.config.log);
  thread_ = std::jthread([this](const std::stop_token& ending) { listen(ending); });
}

SupervisorLink::~SupervisorLink() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  static_cast<void>(!write(ending_event_.get(), &one, sizeof one));
}

void SupervisorLink::report(const Report& report) {
  const std::scoped_lock lock(sending_);
  parent_.send(to_frame(report));
}

void SupervisorLink::listen(const std::stop_token& ending) {
  std::array<pollfd, 2> waiting{{{parent_.input(), POLLIN, 0}, {ending_event_.get(), POLLIN, 0}}};
  while (!ending.stop_requested()) {
    if (poll(waiting.data(), waiting.size(), -1) <= 0 || waiting[0].revents == 0) continue;
    const auto frame = parent_.receive(report_bytes_max);
    const auto report = frame ? read_report(*frame) : std::nullopt;
    const bool is_stop = !report || report->name == "stop";
    // Without a supervisor there is no reason to continue. stop is requested first, so that a
    // thread that wakes to drain sees which order it is.
    if (is_stop) stop_.request_stop();
    if (is_stop || report->name == "drain") drain_.request_stop();
    else if (on_report_) on_report_(*this, *report);
    if (!report) return;
  }
}

}  // namespace devy::daemon
