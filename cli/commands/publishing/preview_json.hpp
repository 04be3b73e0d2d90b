#pragma once
// The documents of `diff`, `check` and `verify` (cli.md). Pure.

#include <exception>
#include <optional>
#include <string>

#include "cli/terminal/json_output.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/upload/service.hpp"

namespace devy::cli {

// The changes that publishing would actually make: a file in error keeps its last good version.
[[nodiscard]] snapshot::Changeset effective_changes(const upload::Preview& preview);

// The part of the document that `inspect --changes` has of an upload: changes, file errors and
// warnings.
[[nodiscard]] Json changes_json(const upload::Preview& preview);
// The whole document of `diff`. `now` decides which posts will be scheduled or expired.
[[nodiscard]] Json preview_json(const upload::Preview& preview, base::TimePoint now);
[[nodiscard]] Json check_json(const std::string& directory, const upload::CheckReport& report,
                              base::TimePoint now);
// A blog that `verify` has looked at, after its repair where there was one.
struct VerifiedBlog {
  reconcile::Verification verification;
  std::optional<base::UploadId> repair;  // the upload that repaired it
  bool would_repair = false;             // with --dry-run
  std::exception_ptr error;              // why it could not be repaired; null: nothing failed
};
[[nodiscard]] Json verification_json(const VerifiedBlog& blog);

}  // namespace devy::cli
