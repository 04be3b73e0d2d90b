#pragma once
// Our webhook switched on or off in a user's name, by a runner: only he may do it at GitHub, and
// the role web asks GitHub nothing that takes long (mirror.md, section 8).

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/record_scan.hpp"

namespace devy::hook {

// Records the act, in the caller's transaction, or joins the same one of the same user that is
// under way; another one that waits gives way to it. A repository whose webhook is installed is
// mirrored from then on. Wake the runners after the commit. Throws what pg::Connection throws.
mirror::Recorded record_switch(pg::Connection& connection, const mirror::Repository& repository,
                               mirror::HookAct act, const mirror::Actor& actor,
                               const scan::Request& request);

// Runs it. Owned by a runner's process; one thread.
class SwitchHandler final : public scan::Handler {
 public:
  using Handler::Handler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
};

[[nodiscard]] queue::Kind switch_operation_kind(const mirror::RowObservers& observers);

}  // namespace devy::hook
