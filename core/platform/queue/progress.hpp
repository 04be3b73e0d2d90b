#pragma once
// How far an operation is, for a person who watches and for whoever kills what stalls. Reported
// from the thread that runs the operation.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace devy::queue {

struct Progress {
  std::string subject;      // what the operation is about: "alice/notes"
  std::string step;         // the kind's own word, as in operation.step
  std::uint64_t done = 0;   // objects fetched, files rendered, pages read
  std::uint64_t total = 0;  // 0: not known
  std::uint64_t bytes = 0;  // received so far in this step
  // Items that became errors, by reason; reported once, when all are known.
  std::map<std::string, std::uint64_t> rejected = {};
};
using OnProgress = std::function<void(const Progress&)>;

}  // namespace devy::queue
