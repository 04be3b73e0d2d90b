#pragma once
// Senders of signed deliveries, as many as connections, and what they saw. For the benchmarks only.

#include <functional>
#include <string>
#include <vector>

namespace devy::bench {

struct Load {
  double per_second = 0, p50_ms = 0, p99_ms = 0, slowest_ms = 0;
  int failures = 0;
};

inline constexpr int load_seconds = 5;
inline constexpr const char* load_secret = "the secret that deliveries are signed with";

// What the headers say of deliveries.
struct DeliveryKind {
  std::string event = "push";
  std::string repository_id = {};  // the hook's, where its own secret signs; empty: not said
};

// Each sender keeps a connection, as a proxy does, and sends the next one as soon as it is
// answered. `body_of` names the payload of the n-th sender; in its padding of x each delivery has a
// number of its own.
[[nodiscard]] Load send_deliveries(const std::string& address, int connections,
                                   const std::function<std::string(int sender)>& body_of,
                                   const DeliveryKind& kind = {});

// Of the times that single requests took.
[[nodiscard]] Load summary(std::vector<double> times_ms, double seconds, int failures);

}  // namespace devy::bench
