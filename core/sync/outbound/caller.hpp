#pragma once
// Requests of one outbound operation, within what their credential may write (write_budget.hpp),
// each noted with its status. Owned by a run; one thread. Throws what scan::Api throws, and Paced.

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mirror/scan/api.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/github/write_budget.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/sync/store/outbound_store.hpp"

namespace devy::outbound {

// A wait that is no longer than this is waited for; otherwise the operation is given back.
inline constexpr std::chrono::milliseconds short_wait{2'000};

// The request would exceed what the credential may write: it was not sent.
struct Paced {
  std::chrono::milliseconds wait{};
  std::string credential;
};

class Caller {
 public:
  // Borrows all.
  Caller(pg::Connection& connection, const config::Sync& settings, const base::Clock& clock,
         std::stop_token stop)
      : connection_(connection), settings_(settings), clock_(clock), stop_(std::move(stop)) {}

  [[nodiscard]] github::Answer get(scan::Api& api, const std::string& address,
                                   const mirror::Validator* known = nullptr);
  // Waits or throws, so that the write that follows needs not.
  void charge(scan::Api& api, github::Weight weight);
  // Sends a write that was charged.
  [[nodiscard]] github::Answer write(scan::Api& api, std::string_view method,
                                     const std::string& address, std::string body,
                                     github::Weight weight = github::Weight::write);

  // Those since it was asked last.
  [[nodiscard]] std::vector<sync::CallNote> notes() { return std::exchange(notes_, {}); }
  [[nodiscard]] int writes() const { return writes_; }
  [[nodiscard]] int contents() const { return contents_; }

 private:
  template <class Send>
  github::Answer noted(std::string_view method, const std::string& address, Send send);

  pg::Connection& connection_;
  const config::Sync& settings_;
  const base::Clock& clock_;
  const std::stop_token stop_;
  std::vector<sync::CallNote> notes_;
  int writes_ = 0, contents_ = 0;
};

// The status that an error of the client tells; 0: there was no answer.
[[nodiscard]] int status_of(const base::Error& error);

}  // namespace devy::outbound
