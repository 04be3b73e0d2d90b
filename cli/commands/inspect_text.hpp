#pragma once
// The sections of `inspect` for people, and the lines of `logs`.

#include <optional>
#include <string>

#include "cli/context.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/service.hpp"

namespace devy::cli {

// What the upload changed, in the form of `diff`; nothing before it has compared anything.
[[nodiscard]] std::optional<upload::Preview> stored_preview(Context& context,
                                                            const store::Upload& upload);

void print_upload(Context& context, const store::Upload& upload);
void print_changes(Context& context, const store::Upload& upload);
void print_attempts(Context& context, const store::Upload& upload);
void print_events(Context& context, const store::Upload& upload);

// "2026-01-02T03:04:05.678Z  1  processing (fetch)  fetch_stalled: …"
[[nodiscard]] std::string event_line(const store::EventRow& event, bool is_colored);

}  // namespace devy::cli
