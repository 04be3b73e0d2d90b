#pragma once
// The routes that load (mirror.md, section 8): the original's, /tasks/status, and ours below
// /v1/mirror/loads. The handlers belong to the thread that calls them.

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "core/mirror/store/operation_store.hpp"
#include "daemon/web/mirror_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<MirrorRoute> mirror_load_routes();

// For the other routes of the mirror: {"message":"Not found."}, whatever the reason.
[[nodiscard]] http::Response absent_answer();
// The answer to whoever may not have it; nothing for whoever may.
[[nodiscard]] std::optional<MirrorAnswer> obstacle_of(Access access);
// 202 for what was recorded; `place` is the path before its id.
[[nodiscard]] http::Response queued_answer(const mirror::Recorded& recorded,
                                           std::string_view place);
inline constexpr std::string_view original_load_place = "/tasks/status/",
                                  own_load_place = "/v1/mirror/loads/";
// How long somebody who waits for an end does so at most; and when he may try again after a
// failure.
inline constexpr std::chrono::seconds inline_wait{10};
inline constexpr int failed_again_seconds = 60;

}  // namespace devy::daemon
