#pragma once
// Compares the rows of one repository with GitHub. It writes nothing, and changes nothing there.
// What seems to differ is asked for once more by itself before it counts, because deliveries may
// have changed the row, or the thing, since its list was read. Belongs to one thread; throws what
// scan::Api and pg::Connection throw.

#include <functional>
#include <map>
#include <string_view>

#include "core/mirror/scan/api.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/compare_store.hpp"
#include "core/mirror/verify/verification.hpp"
#include "core/platform/base/clock.hpp"

namespace devy::verify {

// How whoever waits for a comparison follows it, and stops it.
struct Watch {
  std::function<void()> check = [] {};  // throws to stop it; called before each request
  // A list, or "" for single things, and how many of it were compared.
  std::function<void(std::string_view list, std::int64_t compared)> on_progress =
      [](std::string_view, std::int64_t) {};
};

// The means of asking. Borrowed; they outlive the comparison. The repository's id is known.
struct Means {
  pg::Connection& connection;
  scan::Api& api;
  const github::Repository& repository;
  const base::Clock& clock;
};

class Comparison {
 public:
  Comparison(Means means, Watch watch);

  // All labels, milestones, issues and pull requests; hooks, where GitHub shows them. Details and
  // files of pull requests are not compared, as lists do not have them.
  [[nodiscard]] Verification of_lists();
  // Some rows at random, each asked for by itself. Finds nothing that has no row.
  [[nodiscard]] Verification of_sample(int rows);
  // Asks once more about the things that an earlier comparison has found.
  [[nodiscard]] Verification of_drift(const Verification& earlier);

 private:
  using Suspects = std::map<std::int64_t, Drift>;  // by their ids

  [[nodiscard]] bool is_admin();
  void compare_list(const scan::List& list);
  // False where GitHub does not show the list.
  [[nodiscard]] bool read_list(const scan::List& list, Suspects& suspects,
                               std::vector<std::int64_t>& ids);
  void add_extra(const scan::List& list, base::TimePoint begun_at,
                 const std::vector<std::int64_t>& ids, Suspects& suspects);
  void ask_again(const scan::List& list, const Suspects& suspects);
  [[nodiscard]] std::optional<Drift> judge(const scan::List& list, const Drift& suspect);
  [[nodiscard]] std::vector<mirror::Difference> compare(const scan::List& list,
                                                        const records::Records& records,
                                                        base::TimePoint sent_at);
  void add(Drift drift);
  [[nodiscard]] Verification finish();

  Means means_;
  Watch watch_;
  Verification found_;
};

}  // namespace devy::verify
