#include "daemon/serving/sender.hpp"

#include "core/platform/webhook/address_range.hpp"

namespace devy::daemon {

Sender sender_of(const server::ReceivedRequest& request) {
  Sender sender;
  sender.address =
      request.is_local ? std::string(request.header("X-Real-IP")) : request.remote_address;
  if (const auto bytes = webhook::parse_address(sender.address))
    sender.network = webhook::network_of(*bytes);
  if (!request.is_local) {
    sender.subjects = request.certificate_subjects;
    return sender;
  }
  if (sender.network.empty()) sender.address.clear();
  if (request.header("X-Client-Verify") == "SUCCESS")
    sender.subjects.emplace_back(request.header("X-Client-Subject"));
  return sender;
}

}  // namespace devy::daemon
