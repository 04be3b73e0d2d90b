#pragma once
// Reads what requests to the API of projects and tasks bring: bodies, conditions, numbers. Pure but
// for the accounts that are looked up; throws Error with the codes of sync_api_answer.hpp.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/json/reader.hpp"
#include "core/sync/store/edit_store.hpp"
#include "daemon/web/sync_api.hpp"

namespace devy::daemon {

// The body, an object with no other names than these. Throws Error(usage), or Error(rejected,
// "field_unknown").
[[nodiscard]] json::Value read_sync_body(const server::ReceivedRequest& request,
                                         std::initializer_list<std::string_view> names);
[[nodiscard]] std::vector<std::string> texts_of(const json::Value& body, std::string_view name);

// The version in If-Match; nothing when there is none. Throws Error(usage, "condition_invalid").
[[nodiscard]] std::optional<int> expected_version(const server::ReceivedRequest& request);
// The Idempotency-Key with the body. Throws Error(usage, "key_invalid").
[[nodiscard]] std::optional<sync::RequestKey> request_key(const server::ReceivedRequest& request);

[[nodiscard]] sync::TaskChange read_task_change(SyncCall& call, const json::Value& body);

// "limit" and "cursor" of the query.
struct PageWish {
  std::string cursor;
  int limit = 0;
};
inline constexpr int sync_page_max = 100;
[[nodiscard]] PageWish read_page_wish(const server::ReceivedRequest& request);

void note_sync_act(SyncCall& call, const char* act, const std::string& target);

}  // namespace devy::daemon
