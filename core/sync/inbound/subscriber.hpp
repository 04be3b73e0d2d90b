#pragma once
// Sync as a subscriber of deliveries: one operation of the record that an event is about, for the
// repositories of projects (sync.md, section 3). A secret of the repository's own, or the App's, is
// believed; of what any other signature says the mirror asks GitHub, and what it learns comes from
// there (observer.hpp). Holds no state; any thread.

#include "core/platform/webhook/subscriber.hpp"

namespace devy::inbound {

class Subscriber final : public webhook::Subscriber {
 public:
  [[nodiscard]] std::vector<webhook::Opinion> consider(
      pg::Connection& connection, const config::Config& config,
      std::span<const webhook::Received> deliveries, bool may_wait) const override;
  [[nodiscard]] webhook::Operations record(
      pg::Connection& connection, const config::Config& config,
      std::span<const webhook::Received> deliveries) const override;
  [[nodiscard]] webhook::Operations find_recorded(
      pg::Connection& connection, std::span<const std::string> guids) const override;
};

}  // namespace devy::inbound
