#pragma once
// Computes which old addresses will redirect to posts once a plan is carried out, and which aliases
// of authors will not. The only place that decides what takes precedence: previews show it, and a
// publish writes it. Pure; any thread.

#include <string>
#include <vector>

#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/plan/plan.hpp"

namespace devy::plan {

struct Redirect {
  std::string from;  // a slug
  std::string to;    // the slug of the post at `path`
  std::string path;
  // From the front matter, and deleted with it. Otherwise it is the post's previous slug and stays,
  // even when the front matter names it too.
  bool is_alias = false;
  bool operator==(const Redirect&) const = default;
};

// The aliases in the front matter of a file that the plan writes, as written.
struct AliasRequest {
  std::string path;
  std::vector<std::string> aliases;
};

struct Redirects {
  std::vector<Redirect> coming;               // ordered by `from`
  std::vector<snapshot::FileError> warnings;  // ordered by path
};

// A post takes precedence over a redirect, an alias over a previous slug, and of two equal aliases
// the one of the later path wins. `known` are the posts as they are now.
[[nodiscard]] Redirects find_redirects(const PublishPlan& plan, const std::vector<KnownPost>& known,
                                       const std::vector<AliasRequest>& requests);

}  // namespace devy::plan
