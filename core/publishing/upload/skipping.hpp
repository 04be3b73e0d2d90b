#pragma once
// Ends an upload without publishing where the message of the tip has a skip marker
// (platform/git/skip_marker.hpp, content.md); it means the same wherever the upload is from. One
// thread.

#include <functional>
#include <optional>
#include <string>

#include "core/platform/git/clone.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::upload {

// A skip marker is for whoever acts by himself; a person who asks gets what is there.
[[nodiscard]] bool heeds_markers(const publishing::Upload& upload);

struct Skipped {
  std::optional<std::string> tip;  // the tip with a marker; reconcile leaves it alone from then on
  bool is_all = false;             // nothing is published
};

// The author of the tip asked that nothing be run for it. A push before it asked for what it
// pushed (`pushed`), and gets that: `clone` is then fetched again with that commit. Throws what
// `fetch` throws.
[[nodiscard]] Skipped heed_marker(
    git::Clone& clone, const publishing::Upload& upload, const std::optional<std::string>& pushed,
    const publishing::HeadState& head,
    const std::function<git::Clone(const publishing::Upload&)>& fetch);

// The end of an upload of which nothing is published.
[[nodiscard]] queue::AttemptResult skipped_result(const publishing::Blog& blog,
                                                  const std::string& commit);

}  // namespace devy::upload
