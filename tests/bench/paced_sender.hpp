#pragma once
// Signed deliveries at a steady rate, whether or not those before them were answered. For the
// benchmarks only.

#include <map>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::bench {

struct Delivery {
  std::string guid, event, body;
  std::string repository_id;  // the hook's, whose own secret has signed it
};

// What became of them.
struct Paced {
  std::map<std::string, base::TimePoint> sent_at;  // by GUID; of the first copy
  std::vector<double> answer_ms;                   // from the first byte to the answer
  int failures = 0;
  std::string first_failure;  // status and body of the answer
  double seconds = 0;
};

// `per_second` of them; each tenth is sent a second time, a little later and besides, as GitHub
// does now and then. At an address as "127.0.0.1:8080" or "unix:/path", signed with that secret.
struct Pace {
  std::string address, secret;
  double per_second = 0;
};
[[nodiscard]] Paced send_at_pace(const Pace& pace, const std::vector<Delivery>& deliveries);

}  // namespace devy::bench
