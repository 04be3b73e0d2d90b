#pragma once
// Sends what the CRM is to be told: the handler of outbound operations of the kind crm (gists.md,
// "Outbox"). One operation of a company runs at a time, so there is one request at a time. Each
// item is committed as `sending` before its request and as `sent` after it; one whose request has
// no known end is looked for in the CRM by its marker before it is sent again. Owned by the code
// that runs the lane; used from its thread only.

#include <memory>
#include <optional>

#include "core/crm/access.hpp"
#include "core/crm/pace.hpp"
#include "core/gists/outbox/crm_pause.hpp"
#include "core/gists/store/crm_store.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/transport.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::outbox {

inline constexpr int items_max = 50;                // of one run
inline constexpr std::chrono::seconds run_max{20};  // then it is given back
// Two looks for an item that the CRM does not list are so far apart.
inline constexpr std::chrono::seconds absence_interval{30};

// The transport for the CRM: no answer is longer than its limit or later than crm.patience.
[[nodiscard]] std::unique_ptr<http::Transport> make_crm_transport(const config::Config& config);
[[nodiscard]] gists::CrmSettings crm_settings(const config::Crm& settings);

class CrmHandler final : public queue::Handler {
 public:
  // Borrows the context's parts. A test may supply `transport`. Throws Error(config) for an access
  // that cannot be used.
  explicit CrmHandler(const queue::HandlerContext& context,
                      std::unique_ptr<http::Transport> transport = nullptr);

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  queue::HandlerContext context_;
  const crm::Access access_;
  const PauseNames pauses_;
  std::unique_ptr<http::Transport> transport_;
  crm::Pace pace_;
};

// The kind for the table of systems. It is on where the configuration names a company and a token.
[[nodiscard]] queue::Kind operation_kind();

}  // namespace devy::outbox
