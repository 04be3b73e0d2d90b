#pragma once
// The parent's side of a fetch: decides where to go and whether the token goes along, watches the
// child that does it, and kills it when it stalls, takes too long, or is no longer wanted.

#include <optional>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/process/child.hpp"
#include "core/repository/clone.hpp"
#include "core/repository/fetch_message.hpp"

namespace devy::repository {

struct FetchResult {
  Tip tip;
  std::string repository;  // path below `directory`; empty: nothing was fetched
};

// The child, where it outlives a request. One thread: the child dies with it.
struct KeptChild {
  std::optional<process::Child> child;
  int orders = 0;  // it has had
};

// `directory` empty: only ask for the tip; `kept` may then be used again. Throws as clone.hpp says.
[[nodiscard]] FetchResult run_fetch(const config::Config& config, const FetchRequest& request,
                                    const std::string& directory, const OnProgress& on_progress,
                                    std::stop_token stop, KeptChild& kept);

}  // namespace devy::repository
