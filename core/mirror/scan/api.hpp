#pragma once
// Asks GitHub about one repository, on behalf of one operation: with the credential that is for it,
// within the shared limits and budget. Owned by a handler; one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/mirror/records/origin.hpp"
#include "core/mirror/store/validator_store.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/github/within_limits.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::scan {

// Limit for one answer: a hundred issues with bodies of 64 KiB are 6 MB.
inline constexpr std::uint64_t page_bytes_max = std::uint64_t{32} * 1024 * 1024;

// A part of the hour's requests is left to others, and a fifth of that to loads that people wait
// for.
enum class Urgency { load, scan };

class Api {
 public:
  // Borrows all; `repository` gets the installation that is found on the way.
  Api(const config::Config& config, github::Access& access, github::Repository& repository,
      Urgency urgency = Urgency::load);

  // From then on GitHub is asked with this user's token, which counts against his own limit.
  void act_as(std::int64_t github_id, base::Secret token);
  // Every page is read from then on, also one that is unchanged: its documents are wanted.
  void set_rereading() { is_rereading_ = true; }
  [[nodiscard]] bool is_rereading() const { return is_rereading_; }
  // Throws what github::Client throws, and Error(busy, "rate_limited") when the rest of the hour's
  // requests is reserved. With `known`, a page that was read before, the answer may be that it is
  // unchanged.
  [[nodiscard]] github::Answer get(pg::Connection& connection, const std::string& address,
                                   const mirror::Validator* known = nullptr);
  // Changes something at GitHub: `method` is POST, PATCH or DELETE, `body` JSON or empty.
  [[nodiscard]] github::Answer act(pg::Connection& connection, std::string_view method,
                                   const std::string& address, std::string body);
  // The name under which the page of that address is known again.
  [[nodiscard]] mirror::PageName name_page(const std::string& address);
  // Whether the answer that a page is unchanged costs nothing.
  [[nodiscard]] bool has_credential() { return bearer() != nullptr; }
  // The name of the limit that the requests count against.
  [[nodiscard]] std::string share() const;
  [[nodiscard]] int requests() const { return requests_; }

 private:
  [[nodiscard]] const base::Secret* bearer();
  [[nodiscard]] github::Answer send(pg::Connection& connection, github::Call call);

  const config::Config& config_;
  github::Access& access_;
  github::Repository& repository_;
  const Urgency urgency_;
  std::optional<std::int64_t> actor_;
  base::Secret actor_token_;
  bool is_rereading_ = false;
  int requests_ = 0;
};

// The origin of what the answer holds.
[[nodiscard]] records::Origin origin_of(const github::Answer& answer, std::int64_t repository_id);

}  // namespace devy::scan
