#pragma once
// What a git server says first (protocol v0 over smart HTTP, GET info/refs): its references, its
// HEAD and what it can do. Read by us rather than by libgit2, because only then are the HTTP status
// and the address of a redirect known for sure. Pure; bytes in, values out; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/object_id.hpp"

namespace devy::repository {

struct RemoteRef {
  std::string name;
  snapshot::CommitId commit;  // a tag's own object, if it is annotated
};

struct RefAdvertisement {
  std::vector<RemoteRef> refs;            // without HEAD and peeled tags
  std::string head_branch;                // short name HEAD points to; empty: unknown or unborn
  bool allows_tip_commits = false;        // a commit may be asked for by id if a ref points to it
  bool allows_reachable_commits = false;  // … if any ref reaches it
  bool allows_filter = false;             // a fetch may leave blobs out

  [[nodiscard]] const RemoteRef* find_branch(std::string_view short_name) const;
};

// Nothing when the bytes are not a reference advertisement of git-upload-pack.
[[nodiscard]] std::optional<RefAdvertisement> parse_advertisement(std::string_view body);

}  // namespace devy::repository
