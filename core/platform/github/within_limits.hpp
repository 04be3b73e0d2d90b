#pragma once
// Calls of GitHub's API from an operation of the queue, within the limits that all daemons share
// (api_pause.hpp): while the API must be left alone the attempt is given back, which costs the
// operation nothing. Throws what pg::Connection throws.

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::github {

// The name of the limit that requests about the repository count against: "token",
// "installation/<id>", "app", or "none" where they are asked without a credential.
[[nodiscard]] std::string share_of(const Access& access, const Repository& repository);

// Runs `ask`, unless the API must be left alone now, or as many as `concurrency` ask it already.
// Returns how the attempt ends when GitHub could not be asked, or said that it must not be; nothing
// when `ask` returned. `share` is asked for the limit's name, before and after, because `ask` may
// learn an installation. What `ask` throws about anything but the limits and the availability of
// GitHub is thrown on.
[[nodiscard]] std::optional<queue::AttemptResult> within_limits(
    pg::Connection& connection, int concurrency, const std::function<std::string()>& share,
    const std::function<void()>& ask);

}  // namespace devy::github
