#pragma once
// The meaning of an answer of Pipedrive's API: whether what was to be written is there, is not, or
// may be (gists.md, "Exactly once without idempotency keys"). It decides nothing about what is sent
// next. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/message.hpp"

namespace devy::crm {

enum class Meaning {
  done,          // it was done
  refused,       // not done, and the same request would be refused again
  missing,       // likewise: there is nothing at the address (404, 410)
  unsent,        // not done: the server was not reached
  limited,       // not done: too many requests at once
  spent,         // not done: the company's budget of the day is used up
  blocked,       // not done: a firewall in front of the API keeps us out
  unauthorized,  // not done: the token is not accepted
  unknown,       // perhaps done: no answer, half of one, or one that proves nothing
};
// A word for logs, metrics and codes of errors: "rate_limited".
[[nodiscard]] std::string_view to_string(Meaning meaning);
// Tells whether the server, and not the request, is why nothing was done.
[[nodiscard]] bool is_about_server(Meaning meaning);

struct Answer {
  Meaning meaning = Meaning::unknown;
  int status = 0;          // 0: there was no answer
  std::string cause = {};  // safe to show; empty when it was done
  // For how long the server wants to be left alone, where it says so; within pause_max.
  std::optional<std::chrono::seconds> wait = {};
  std::optional<base::TimePoint> date = {};  // by the server's clock, in whole seconds
  std::int64_t id = 0;                       // of what was written; 0 unless it was done
};

// A longer time named by a server is not believed.
inline constexpr std::chrono::seconds pause_max{21'600};

// The answer without the body's meaning: `done` for 2xx. The token is hidden wherever the server
// repeats it.
[[nodiscard]] Answer judge(const http::Response& response, const base::Secret& token);
// The answer of a request that had none.
[[nodiscard]] Answer judge(const base::Error& error);

}  // namespace devy::crm
