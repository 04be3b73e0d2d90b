#pragma once
// Which old addresses will lead to posts once a plan is carried out, and which of those that
// authors ask for will not. For looking before publishing; the database does the same by itself
// (core/store/publish_store.cpp). Pure; any thread.

#include <string>
#include <vector>

#include "core/publish/plan.hpp"
#include "core/snapshot/file_error.hpp"

namespace devy::publish {

struct Redirect {
  std::string from;  // a slug
  std::string to;    // the slug of the post at `path`
  std::string path;
  bool is_alias = false;  // of the front matter; else the post's slug before this publish
  bool operator==(const Redirect&) const = default;
};

// What the front matter of a file that the plan writes asks for, as written.
struct AliasRequest {
  std::string path;
  std::vector<std::string> aliases;
};

struct Redirects {
  std::vector<Redirect> coming;               // by `from`
  std::vector<snapshot::FileError> warnings;  // by path
};

// A real page beats a redirect, an alias beats a slug of before, and of two aliases the one of the
// later path counts. `known`: the posts as they stand.
[[nodiscard]] Redirects find_redirects(const PublishPlan& plan, const std::vector<KnownPost>& known,
                                       const std::vector<AliasRequest>& requests);

}  // namespace devy::publish
