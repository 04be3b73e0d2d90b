#pragma once
// A runner of the lane `github` beside the workers. It sends commit statuses when the
// configuration has credentials and enables them; otherwise it does nothing. Errors of GitHub are
// logged, never thrown. Each call needs a thread of its own.

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/platform/config/config.hpp"

namespace devy::status {

// Sends what is due now, up to a bounded number.
void send_due_statuses(const std::string& conninfo, const config::Config& config,
                       const std::stop_token& stop);
// Runs until stopped. `on_database_retry` is called with the class of SQLSTATEs.
void keep_sending_statuses(const std::string& conninfo, const config::Config& config,
                           const std::stop_token& stop,
                           const std::function<void(std::string_view)>& on_database_retry = {});

}  // namespace devy::status
