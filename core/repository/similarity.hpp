#pragma once
// Which new files are old ones, moved and edited: libgit2's rename detection over texts. The
// caller bounds the number of candidates (content.md: at most 200; identical blobs are paired
// before, see snapshot/difference.hpp). One thread.

#include <string>
#include <vector>

namespace devy::repository {

struct Candidate {
  std::string path;
  std::string text;
};
struct SimilarPair {
  std::string from, to;
  bool operator==(const SimilarPair&) const = default;
};

// Each path is in at most one pair. Order is by `to`.
[[nodiscard]] std::vector<SimilarPair> find_similar(const std::vector<Candidate>& deleted,
                                                    const std::vector<Candidate>& created);

}  // namespace devy::repository
