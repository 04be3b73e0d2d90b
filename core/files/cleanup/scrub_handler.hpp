#pragma once
// Reads the bytes of this node again, slowly, and compares them with their digests (files.md,
// section 7): what is missing or different is lost, until somebody uploads the same bytes. Owned by
// the process that runs it; one thread.

#include "core/files/cleanup/node_handler.hpp"
#include "core/files/store/cleanup_store.hpp"

namespace devy::cleanup {

// Each content is read again within that time.
inline constexpr std::chrono::hours scrub_every{24 * 30};

class ScrubHandler final : public NodeHandler {
 public:
  using NodeHandler::NodeHandler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
  [[nodiscard]] std::optional<queue::AttemptResult> scrub_some(Work& work) const;
  [[nodiscard]] bool has_s3() const;
  void scrub(Work& work, const files::Content& content) const;
  [[nodiscard]] bool is_right(Work& work, const files::Content& content) const;
  void note_lost(Work& work, const files::Content& content) const;
};

[[nodiscard]] queue::Kind scrub_operation_kind();

}  // namespace devy::cleanup
