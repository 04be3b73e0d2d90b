#pragma once
// The real daemon with faults in it (core/platform/base/fault_point.hpp): what dies, stops or fails
// is told by name; what came of it is judged by the oracle, and nothing may be left on disk.

#include <functional>
#include <memory>
#include <string>

#include "tests/e2e/daemon/daemon_fixture.hpp"

namespace devy::testing {

class FaultFixture : public DaemonFixture {
 protected:
  FaultFixture();

  // The configuration that every test here has, and then these lines, each in a table of its own.
  void configure_more(const std::string& toml);
  // A blog of so many posts.
  std::string new_blog_of(int posts);
  [[nodiscard]] ProgramCall call_with(const std::string& fault) const;
  // Started with DEVY_FAULT, counted for all of its processes together.
  [[nodiscard]] std::unique_ptr<Program> start_with(const std::string& fault) const;
  // How often the point was passed by a daemon that counts it.
  [[nodiscard]] std::size_t passed(const std::string& point) const;
  // The process below `daemon` that plays that role; waits for it.
  [[nodiscard]] static pid_t wait_for_a(const std::string& role, const Program& daemon);
  // A process below `daemon` that stands still; waits for it.
  [[nodiscard]] static pid_t wait_for_a_stopped(const Program& daemon);
  // Whether a session of this database waits for a lock.
  [[nodiscard]] bool is_a_session_blocked() const;
  // Until the condition holds; a failure after half a minute.
  static void wait_until(const std::function<bool()>& condition, const std::string& what);
  void wait_until_state(const std::string& id, const std::string& state) const;
  // An upload that waits for its next attempt need not wait any longer.
  void make_due() const;
  // The operator's command line beside the daemon.
  [[nodiscard]] ProgramCall command(const std::vector<std::string>& arguments) const;
  // A signed push to the first blog; the status of its answer, 0 for none.
  [[nodiscard]] int deliver(int number) const;
  // Stops it; then every promise holds and nothing lies about.
  void expect_all_well(Program& daemon);
  // What was delivered is one delivery and one upload, which ends; and all is well.
  void expect_taken_once(Program& daemon);

  [[nodiscard]] std::string runtime_directory() const { return folder_ / "run"; }
};

}  // namespace devy::testing
