#pragma once
// The webhook of ours in a repository: the one that sends to our address. Systems share it, and
// each wants events of its own, so that one system's leaving takes only its events away. Asks
// GitHub through the caller's functions, which bring credential, limits and budget, and throw as
// Client does; it adds Error(unavailable) for an answer that is none of GitHub's. One thread.
//
// Repeating either function changes nothing more. Source of the rules: mirror.md, section 8.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/secret.hpp"
#include "core/platform/github/client.hpp"

namespace devy::github {

// The credential must be an administrator's of the repository.
struct HookCalls {
  std::function<Answer(const std::string& address)> get;
  // POST, PATCH or DELETE with a JSON body, or an empty one.
  std::function<Answer(std::string_view method, const std::string& address, std::string body)> act;
};

struct HookWish {
  std::int64_t repository_id = 0;  // at GitHub
  std::string url;                 // our address, like https://devy.example/v1/webhooks
  std::vector<std::string> events;
};
struct InstalledHook {
  std::int64_t id = 0;
  bool is_new = false;  // otherwise it was there, and is as it has to be now
  Answer answer;        // GitHub's document of it
};
// Adds a hook, or mends the one that there is, which keeps its other events.
[[nodiscard]] InstalledHook install_hook(const HookCalls& calls, const HookWish& wish,
                                         const base::Secret& secret);

struct RemovedHook {
  std::int64_t id = 0;
  // It stays for others, because it has events that are not among ours. Then `answer` is GitHub's
  // document of it, unless it was left alone: it sends all events there are ("*").
  bool is_kept = false;
  Answer answer;
};
// Deletes the hooks with that address. Of one that others want too it takes those events away that
// only the caller wants.
[[nodiscard]] std::vector<RemovedHook> remove_hooks(const HookCalls& calls, const HookWish& wish);

}  // namespace devy::github
