#pragma once
// The operation `file_store`, on one content: brings it to S3 when it is staged, and deletes it
// there when it is doomed; on any other it has nothing to do (files.md, section 3). Where S3
// refuses us, all such operations wait for a minute, and `doctor` says why. Owned by a runner's
// process; one thread.

#include <string>

#include "core/files/store/storing_store.hpp"
#include "core/files/storing/sending.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::cleanup {

class StoreHandler final : public queue::Handler {
 public:
  // Borrows what the context borrows.
  explicit StoreHandler(const queue::HandlerContext& context);

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  void work(queue::Attempt& attempt, const files::Placed& content) const;
  void store(queue::Attempt& attempt, const files::Placed& content) const;
  void remove(queue::Attempt& attempt, const files::Placed& content) const;
  void begin_step(const queue::Attempt& attempt, const std::string& step) const;
  void fence(const queue::Attempt& attempt) const;
  [[nodiscard]] storing::MakeClient clients_of(const queue::Attempt& attempt) const;

  const config::Config& config_;
  const queue::OnProgress& on_progress_;
};

[[nodiscard]] queue::Kind store_operation_kind();

// Notes that S3 refuses us, if that is what an error says, and returns how an attempt ends then.
[[nodiscard]] std::optional<queue::AttemptResult> pause_of(pg::Connection& connection,
                                                           const base::Error& error);

}  // namespace devy::cleanup
