#pragma once
// Where browsers find this site: web.url, or without it the first of web.addresses. Pure; any
// thread.

#include <string>

#include "core/platform/config/config.hpp"

namespace devy::cli {

// Without a slash at its end: "https://console.example", "http://127.0.0.1:8000".
[[nodiscard]] std::string site_address(const config::Config& config);

}  // namespace devy::cli
