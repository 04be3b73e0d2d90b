#pragma once
// Where browsers find this site: web.url, or without it the first of web.addresses that is no Unix
// socket. Pure; any thread.

#include <string>

#include "core/platform/config/config.hpp"

namespace devy::cli {

// Without a slash at its end: "https://console.example", "http://127.0.0.1:8000". Throws
// Error(config) where no browser could get there.
[[nodiscard]] std::string site_address(const config::Config& config);

}  // namespace devy::cli
