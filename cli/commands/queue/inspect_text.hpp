#pragma once
// Writes the sections of `inspect` for people, and the lines of `logs`.

#include <optional>
#include <string>

#include "cli/context.hpp"
#include "core/platform/queue/history.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/service.hpp"

namespace devy::cli {

// Returns what the upload changed, in the form of `diff`; nothing when it has not compared yet.
[[nodiscard]] std::optional<upload::Preview> stored_preview(Context& context,
                                                            const publishing::Upload& upload);

void print_upload(Context& context, const publishing::Upload& upload);
void print_changes(Context& context, const publishing::Upload& upload);
void print_attempts(Context& context, const publishing::Upload& upload);
void print_events(Context& context, const publishing::Upload& upload);

// "2026-01-02T03:04:05.678Z  1  processing (fetch)  fetch_stalled: …"
[[nodiscard]] std::string event_line(const queue::EventRow& event, bool is_colored);

}  // namespace devy::cli
