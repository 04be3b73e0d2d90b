#include "core/platform/github/own_hook.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/platform/base/error.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/json/json.hpp"

namespace devy::github {
namespace {

using json::Json;
using Events = std::vector<std::string>;

// GitHub allows twenty hooks for an event.
constexpr int hook_pages_max = 10;
// Events about the repository itself and the hook, which each system hears.
constexpr std::array<std::string_view, 3> shared_events{"meta", "public", "repository"};
constexpr std::string_view all_events = "*";

struct OwnHook {
  std::int64_t id = 0;
  Events events;
};

bool contains(const Events& events, std::string_view event) {
  return std::ranges::find(events, event) != events.end();
}

std::string hooks_address(const HookWish& wish) {
  return "/repositories/" + std::to_string(wish.repository_id) + "/hooks";
}

std::string hook_address(const HookWish& wish, const OwnHook& hook) {
  return hooks_address(wish) + "/" + std::to_string(hook.id);
}

std::vector<OwnHook> own_hooks(const HookCalls& calls, const HookWish& wish) {
  std::vector<OwnHook> own;
  std::optional<std::string> next = hooks_address(wish) + "?per_page=100";
  for (int page = 0; next && page < hook_pages_max; ++page) {
    const auto answer = calls.get(*next);
    const auto document = parse_document(answer.body);
    for (const auto& hook : document.if_items()) {
      if (hook.if_text("config/url") != wish.url) continue;
      OwnHook found{hook.integer("id"), {}};
      if (const auto events = hook.find("events"))
        for (const auto& event : events->if_items())
          if (auto name = event.if_text()) found.events.push_back(*std::move(name));
      own.push_back(std::move(found));
    }
    next = answer.next;
  }
  return own;
}

Events with_wanted(const Events& present, Events wanted) {
  if (contains(present, all_events)) return {std::string(all_events)};
  for (const auto& event : present)
    if (!contains(wanted, event)) wanted.push_back(event);
  return wanted;
}

// Empty: nobody else wants anything of it.
Events without_wanted(const Events& present, const Events& wanted) {
  Events others;
  for (const auto& event : present)
    if (!contains(wanted, event)) others.push_back(event);
  if (others.empty()) return others;
  for (const auto event : shared_events)
    if (contains(present, event) && !contains(others, event)) others.emplace_back(event);
  return others;
}

RemovedHook remove_one(const HookCalls& calls, const HookWish& wish, const OwnHook& hook) {
  RemovedHook removed{hook.id, false, {}};
  const auto rest = without_wanted(hook.events, wish.events);
  if (!rest.empty()) {
    removed.is_kept = true;
    if (!contains(rest, all_events))
      removed.answer =
          calls.act("PATCH", hook_address(wish, hook), Json::object({{"events", rest}}).compact());
    return removed;
  }
  try {
    removed.answer = calls.act("DELETE", hook_address(wish, hook), "");
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::not_found) throw;  // somebody else was quicker
  }
  return removed;
}

}  // namespace

InstalledHook install_hook(const HookCalls& calls, const HookWish& wish,
                           const base::Secret& secret) {
  const auto own = own_hooks(calls, wish);
  const auto events = own.empty() ? wish.events : with_wanted(own.front().events, wish.events);
  const auto body = Json::object({{"name", "web"},
                                  {"active", true},
                                  {"events", events},
                                  {"config", Json::object({{"url", wish.url},
                                                           {"content_type", "json"},
                                                           {"secret", std::string(secret.reveal())},
                                                           {"insecure_ssl", "0"}})}})
                        .compact();
  InstalledHook installed;
  installed.is_new = own.empty();
  installed.answer = own.empty() ? calls.act("POST", hooks_address(wish), body)
                                 : calls.act("PATCH", hook_address(wish, own.front()), body);
  installed.id = parse_document(installed.answer.body).integer("id");
  return installed;
}

std::vector<RemovedHook> remove_hooks(const HookCalls& calls, const HookWish& wish) {
  std::vector<RemovedHook> removed;
  for (const auto& hook : own_hooks(calls, wish))
    removed.push_back(remove_one(calls, wish, hook));
  return removed;
}

}  // namespace devy::github
