#pragma once
// The mirror as a subscriber of deliveries: one operation a thing that an event names, for the
// repositories that are mirrored. A secret of the repository's own, or the App's, is believed in
// what it says of that repository; any other signature is a hint, and GitHub is asked. Holds no
// state; any thread.

#include "core/platform/webhook/subscriber.hpp"

namespace devy::mirror {

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
  [[nodiscard]] bool wants(std::string_view event, const config::Config& config) const override;
  // A lost one of a repository that is not mirrored is of no use.
  [[nodiscard]] std::vector<webhook::WatchedRepository> watched_repositories(
      pg::Connection& connection, const std::string& host) const override;
  [[nodiscard]] webhook::Recovery recover(pg::Connection& connection, const config::Config& config,
                                          const webhook::LostDelivery& lost,
                                          const std::stop_token& stop) const override;
};

}  // namespace devy::mirror
