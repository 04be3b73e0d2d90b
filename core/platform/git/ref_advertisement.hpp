#pragma once
// Parses a git server's first response (protocol v0 over smart HTTP, GET info/refs): its
// references, its HEAD and its capabilities. We parse it rather than libgit2, because only then are
// the HTTP status and the address of a redirect known for certain. Pure; bytes in, values out; any
// thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/git/object_format.hpp"
#include "core/platform/snapshot/object_id.hpp"

namespace devy::git {

inline constexpr std::string_view branch_prefix = "refs/heads/";

struct RemoteRef {
  std::string name;
  snapshot::CommitId commit;  // for an annotated tag, the tag object itself
};

struct RefAdvertisement {
  std::vector<RemoteRef> refs;      // without HEAD and peeled tags
  std::string head_branch;          // short name that HEAD points to; empty: unknown or unborn
  bool allows_tip_commits = false;  // a commit may be requested by id if a ref points to it
  bool allows_reachable_commits = false;  // … if any ref reaches it
  bool allows_filter = false;             // a fetch may omit blobs
  // Any other one has names that are longer, and no reference is read.
  std::string object_format{known_object_format};

  [[nodiscard]] const RemoteRef* find_branch(std::string_view short_name) const;
};

// Returns nothing when the bytes are not a reference advertisement of git-upload-pack.
[[nodiscard]] std::optional<RefAdvertisement> parse_advertisement(std::string_view body);

}  // namespace devy::git
