#pragma once
// Compares a gist as it is known with a gist as GitHub has it. Names and blob ids decide, times do
// not: comments move them, too. Pure; any thread.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/gists/scanning/document.hpp"
#include "core/gists/store/scan_store.hpp"

namespace devy::scanning {

struct Comparison {
  struct Changed {
    std::size_t place = 0;  // in the listed files
    gists::FileId file;
  };
  std::vector<std::size_t> added;  // places of listed files
  std::vector<Changed> changed;
  // A removed and an added name share a blob: the file stays the same.
  std::vector<Changed> renamed;
  std::vector<gists::FileId> removed;
  std::vector<Changed> same;
};

// `known` is null for a gist that is new. Every listed file has its blob.
[[nodiscard]] Comparison compare(const gists::KnownGist* known,
                                 const std::vector<ListedFile>& files);

// Whether the list alone shows that there is nothing new.
[[nodiscard]] bool is_unchanged(const gists::KnownGist* known, const ListedGist& listed);

}  // namespace devy::scanning
