#pragma once
// Runs one upload from claim to end: fetch → snapshot → diff → publish → clean up (architecture.md,
// "One upload"). Each step begins with a fenced update of the row, so the attempt after a killed
// one continues from its last step with the commit it had found. Owned by a worker; used from its
// thread only.

#include <optional>

#include "core/platform/base/random.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/progress.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/publishing/upload/remote_tokens.hpp"

namespace devy::upload {

class UploadHandler final : public queue::Handler {
 public:
  // Borrows all three; they must outlive the handler.
  UploadHandler(const config::Config& config, base::Random& random,
                const queue::OnProgress& on_progress)
      : config_(config),
        random_(random),
        on_progress_(on_progress),
        tokens_(remote_tokens(config)) {}

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  const config::Config& config_;
  base::Random& random_;
  const queue::OnProgress& on_progress_;
  const git::TokenSource tokens_;  // kept from one upload to the next
};

// The kind of operation that publishes a commit, for the table of systems.
[[nodiscard]] queue::Kind operation_kind();

}  // namespace devy::upload
