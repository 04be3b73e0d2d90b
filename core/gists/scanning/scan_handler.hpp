#pragma once
// The operation gist_scan: lists the gists of one tracked user, fetches those with news and stores
// each in a transaction of its own (gists.md, "Scan"). Whoever kills it costs the gist that was
// under way: the next attempt compares again. Owned by a runner's process; one thread.

#include <memory>
#include <optional>

#include "core/gists/scanning/api.hpp"
#include "core/gists/scanning/contents.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::scanning {

class ScanHandler final : public queue::Handler {
 public:
  // Borrows what the context borrows. A test may supply `access`. Throws Error(config) for a
  // credential that cannot be used.
  explicit ScanHandler(const queue::HandlerContext& context,
                       std::unique_ptr<github::Access> access = nullptr);

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  const config::Config& config_;
  const base::Clock& clock_;
  const queue::OnProgress& on_progress_;
  std::unique_ptr<github::Access> access_;
  Api api_;
  Contents contents_;
};

[[nodiscard]] queue::Kind scan_operation_kind();

}  // namespace devy::scanning
