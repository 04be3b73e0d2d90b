#pragma once
// The oracle's questions that SQL alone can answer: the files of sql/, a file an invariant of
// reliability.md. They share nothing with the product's statements.
//
// A file's first line is `-- I3 what must hold`; each row that it prints is one violation. Throws
// std::runtime_error when psql fails. Any thread.

#include <string>
#include <vector>

namespace devy::testing {

struct DatabaseQuestion {
  std::string conninfo;
  std::string grace = "15 minutes";  // how long an upload may wait for a worker
  bool is_settled = false;           // all is quiet: nothing may be open any more
  std::string secrets = {};          // planted ones, a line each
};

struct Invariant {
  std::string id;     // "I3"
  std::string claim;  // what must hold
  std::vector<std::string> violations;
};

// Every file of sql/, in order.
[[nodiscard]] std::vector<Invariant> ask_database(const DatabaseQuestion& question);

// "I3 nothing is in limbo: …" for each violation of any of them.
[[nodiscard]] std::vector<std::string> broken_queue_invariants(const std::string& conninfo);

}  // namespace devy::testing
