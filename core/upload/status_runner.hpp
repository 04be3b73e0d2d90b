#pragma once
// A runner of outbound operations beside the workers: sends commit statuses where the configuration
// has credentials and wants it, else does nothing. Nothing GitHub does is thrown; trouble is
// logged. Each call is for a thread of its own.

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/config/config.hpp"

namespace devy::upload {

// What is due now, bounded in number.
void send_due_statuses(const std::string& conninfo, const config::Config& config,
                       const std::stop_token& stop);
// Until it is told to stop. `on_database_retry` is told the class of SQLSTATEs.
void keep_sending_statuses(const std::string& conninfo, const config::Config& config,
                           const std::stop_token& stop,
                           const std::function<void(std::string_view)>& on_database_retry = {});

}  // namespace devy::upload
