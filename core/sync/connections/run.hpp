#pragma once
// One attempt on one connection. Private to this folder; one thread. Throws what pg::Connection and
// Attempt::check throw.

#include <optional>
#include <string>

#include "core/mirror/scan/target.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/sync/store/step_store.hpp"

namespace devy::connections {

class Run {
 public:
  Run(queue::Attempt& attempt, const queue::HandlerContext& context)
      : attempt_(attempt), connection_(attempt.connection), context_(context) {}
  [[nodiscard]] queue::AttemptResult go();

 private:
  using Result = std::optional<queue::AttemptResult>;
  // Each does the step that the connection stands at; nothing: it has moved on.
  [[nodiscard]] Result do_step();
  void switch_off();
  [[nodiscard]] Result connect();
  [[nodiscard]] Result ask_rights();
  [[nodiscard]] Result load();
  void merge_issues();
  void merge_comments();
  void export_tasks();
  void verify();

  // Has the mirror load that, once, and waits for its end. True: it is over; what it brought is the
  // caller's to look at. `name` is of its operation in the cursor.
  struct Loaded {
    Result wait;  // the operation is given back
    bool has_failed = false;
    bool is_over = false;
  };
  [[nodiscard]] Loaded await_load(const char* name, const scan::Target& target, bool is_whole);

  // Commits one piece of work behind the fence. False: somebody moved the connection meanwhile.
  template <class Function>
  [[nodiscard]] bool commit(Function write);
  void move(const std::string& to, const std::optional<std::string>& cursor = std::nullopt,
            std::optional<std::int64_t> done = std::nullopt,
            std::optional<std::int64_t> total = std::nullopt);
  void block(const std::string& reason);
  void report(std::int64_t done, std::int64_t total) const;

  queue::Attempt& attempt_;
  pg::Connection& connection_;
  const queue::HandlerContext& context_;
  sync::ConnectionStep step_;
};

}  // namespace devy::connections
