#pragma once
// How tasks and comments stand with GitHub, for people (sync.md, section 8): what the API, the
// pages and the command line show of each. Reads alone. Values; throws what pg::Connection throws;
// one thread a connection.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

// A field's value that another side's took the place of; `version` is restored to have it again.
struct LostField {
  std::string field;
  base::TimePoint at{};
  std::string by;  // who had written it: a username, or a login of GitHub; empty: nobody is known
  int version = 0;
};

struct StateReason {
  std::string code, message, hint;
};

struct RecordState {
  // local queued sending checking synced waiting_limit conflict refused blocked disabled gone held
  // failed
  std::string state = "local";
  std::string direction;  // inbound or outbound; empty: nothing was ever done
  std::string operation;  // the open one, or the last; empty: none
  std::optional<base::TimePoint> since;
  // Only of one that waits: how many go before it, about when it is its turn, and before which time
  // it is not.
  std::optional<std::int64_t> position;
  std::optional<std::chrono::seconds> eta;
  std::optional<base::TimePoint> not_before;
  std::optional<StateReason> reason;
  std::vector<LostField> lost;  // the newest first, at most lost_shown_max
  std::string repository;       // "owner/name"; empty: it is of this site alone
  std::optional<std::int64_t> github_key, github_id, task_number;
  std::optional<base::TimePoint> github_updated_at;
  bool is_comment = false, is_pull_request = false;

  // Its address at GitHub, below that of the site; empty where it does not exist there.
  [[nodiscard]] std::string url(const std::string& site) const;
};
inline constexpr int lost_shown_max = 50;
inline constexpr int positions_counted_max = 10'000;

// The states of records with these ids. `gap`: between two writes
// of a credential, for what is told of its turn. One that has no pair is "local".
[[nodiscard]] std::map<std::string, RecordState> read_states(pg::Connection& connection,
                                                             const std::vector<std::string>& ids,
                                                             std::chrono::seconds gap);

// `site`: where GitHub's pages are, "https://github.com".
[[nodiscard]] json::Json sync_json(const RecordState& state, const std::string& site);

// The state in words, for people: "waits for GitHub's rate limit".
[[nodiscard]] std::string state_words(const std::string& state);

// Whether nothing more happens by itself before somebody acts, and whether all is well then.
[[nodiscard]] bool is_at_rest(const std::string& state);
[[nodiscard]] bool is_well(const std::string& state);

}  // namespace devy::sync
