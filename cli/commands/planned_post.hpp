#pragma once
// What `check` and `diff` say of a post and of an old address before they are published. Pure.

#include <string>

#include "cli/json_output.hpp"
#include "core/publish/visibility.hpp"
#include "core/upload/service.hpp"

namespace devy::cli {

// A post without a date of its own gets the commit's, which is not after `now`.
[[nodiscard]] publish::Visibility visibility_of(const upload::PlannedPost& post,
                                                base::TimePoint now);

// {path, slug, title, is_draft, state, date, expires_at, word_count, reading_minutes}; state is
// visible, draft, scheduled or expired, and date as in `posts --json`, null where the commit's
// counts.
[[nodiscard]] Json planned_post_json(const upload::PlannedPost& post, base::TimePoint now);
// {from, to, path, is_alias}; from and to are slugs.
[[nodiscard]] Json redirect_json(const publish::Redirect& redirect);

// "/slug  Title  (2026-01-02, scheduled, 120 words)", safe for a terminal.
[[nodiscard]] std::string planned_post_text(const upload::PlannedPost& post, base::TimePoint now);
// "/old -> /new  (new.md)", likewise.
[[nodiscard]] std::string redirect_text(const publish::Redirect& redirect);

}  // namespace devy::cli
