#pragma once
// The progress of an upload, for display to a person. The callback is called from the working
// thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace devy::upload {

struct Progress {
  std::string blog;
  std::string step;         // fetch, snapshot, diff, publish, clean_up
  std::uint64_t done = 0;   // objects fetched or files rendered
  std::uint64_t total = 0;  // 0: not known
  std::uint64_t bytes = 0;  // received so far (fetch)
  // Set once per upload, when all files are rendered: the number of files in error, by reason.
  std::map<std::string, std::uint64_t> rejected = {};
};
using OnProgress = std::function<void(const Progress&)>;

}  // namespace devy::upload
