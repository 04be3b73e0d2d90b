#pragma once
// How far an upload is, for a person who watches. Called from the working thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace devy::upload {

struct Progress {
  std::string blog;
  std::string step;         // fetch, snapshot, diff, publish, clean_up
  std::uint64_t done = 0;   // objects fetched, files rendered
  std::uint64_t total = 0;  // 0: not known
  std::uint64_t bytes = 0;  // received so far (fetch)
  // Once an upload, when all is rendered: files that became errors, by reason.
  std::map<std::string, std::uint64_t> rejected = {};
};
using OnProgress = std::function<void(const Progress&)>;

}  // namespace devy::upload
