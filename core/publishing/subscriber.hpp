#pragma once
// Publishing as a subscriber of deliveries: a push to a branch that a blog publishes records an
// upload; events about repositories are carried out (repository_events.hpp). Holds no state; any
// thread.

#include "core/platform/webhook/subscriber.hpp"

namespace devy::publishing {

class Subscriber final : public webhook::Subscriber {
 public:
  [[nodiscard]] std::vector<webhook::Opinion> consider(
      pg::Connection& connection, const config::Config& config,
      std::span<const webhook::Received> deliveries, bool may_wait) const override;
  [[nodiscard]] webhook::Operations record(
      pg::Connection& connection, const config::Config& config,
      std::span<const webhook::Received> deliveries) const override;
  // Repository events lock the rows of several repositories.
  [[nodiscard]] bool is_solo(const webhook::Event& event) const override;
  [[nodiscard]] webhook::Operations find_recorded(
      pg::Connection& connection, std::span<const std::string> guids) const override;
  [[nodiscard]] std::map<std::int64_t, std::string> subjects(
      pg::Connection& connection, const std::vector<std::int64_t>& repositories) const override;
  [[nodiscard]] bool wants(std::string_view event, const config::Config& config) const override;
  // The repositories of connected blogs.
  [[nodiscard]] std::vector<webhook::WatchedRepository> watched_repositories(
      pg::Connection& connection, const std::string& host) const override;
  // Compares the blog of a lost push with its remote: the remote is the truth.
  [[nodiscard]] webhook::Recovery recover(pg::Connection& connection, const config::Config& config,
                                          const webhook::LostDelivery& lost,
                                          const std::stop_token& stop) const override;
};

}  // namespace devy::publishing
