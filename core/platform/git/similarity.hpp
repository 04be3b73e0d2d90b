#pragma once
// Finds new files that are old ones, moved and edited, with libgit2's rename detection over texts.
// The caller limits the number of candidates (content.md: at most 200; identical blobs are paired
// before, see platform/snapshot/difference.hpp). One thread.

#include <string>
#include <vector>

namespace devy::git {

struct Candidate {
  std::string path;
  std::string text;
};
struct SimilarPair {
  std::string from, to;
  bool operator==(const SimilarPair&) const = default;
};

// Each path is in at most one pair. Ordered by `to`.
[[nodiscard]] std::vector<SimilarPair> find_similar(const std::vector<Candidate>& deleted,
                                                    const std::vector<Candidate>& created);

}  // namespace devy::git
