#pragma once
// One upload, from claim to its end: fetch → snapshot → diff → publish → clean up (architecture.md,
// "One upload"). Each step begins with a fenced update of the row, so a killed run's next attempt
// goes on from its last step with the commit it had found. Owned by a worker; its thread only.

#include <optional>

#include "core/base/random.hpp"
#include "core/config/config.hpp"
#include "core/queue/runner.hpp"
#include "core/upload/progress.hpp"
#include "core/upload/remote_tokens.hpp"

namespace devy::upload {

class UploadHandler final : public queue::Handler {
 public:
  // Borrows all three; they outlive the handler.
  UploadHandler(const config::Config& config, base::Random& random, const OnProgress& on_progress)
      : config_(config),
        random_(random),
        on_progress_(on_progress),
        tokens_(remote_tokens(config)) {}

  std::optional<queue::Ending> run(queue::Attempt& attempt) override;

 private:
  const config::Config& config_;
  base::Random& random_;
  const OnProgress& on_progress_;
  const repository::TokenSource tokens_;  // kept from one upload to the next
};

}  // namespace devy::upload
