#pragma once
// Describes a post and an old address before they are published, for `check` and `diff`. Pure.

#include <string>

#include "cli/terminal/json_output.hpp"
#include "core/publishing/plan/visibility.hpp"
#include "core/publishing/upload/service.hpp"

namespace devy::cli {

// A post without a date of its own gets the commit's, which is not after `now`.
[[nodiscard]] plan::Visibility visibility_of(const upload::PlannedPost& post, base::TimePoint now);

// {path, slug, title, is_draft, state, date, expires_at, word_count, reading_minutes}; state is
// visible, draft, scheduled or expired. date is as in `posts --json`, and null when the commit's
// date applies.
[[nodiscard]] Json planned_post_json(const upload::PlannedPost& post, base::TimePoint now);
// {from, to, path, is_alias}; from and to are slugs.
[[nodiscard]] Json redirect_json(const plan::Redirect& redirect);

// "/slug  Title  (2026-01-02, scheduled, 120 words)", safe for a terminal.
[[nodiscard]] std::string planned_post_text(const upload::PlannedPost& post, base::TimePoint now);
// "/old -> /new  (new.md)", likewise.
[[nodiscard]] std::string redirect_text(const plan::Redirect& redirect);

}  // namespace devy::cli
