#include "daemon/serving/sender.hpp"

#include <gtest/gtest.h>

namespace devy::daemon {
namespace sender_test {

TEST(Sender, BelievesAProxyOnlyOverAUnixSocket) {
  server::ReceivedRequest request;
  request.headers = {
      {"X-Real-IP", "10.1.2.3"}, {"X-Client-Verify", "SUCCESS"}, {"X-Client-Subject", "CN=relay"}};
  request.remote_address = "127.0.0.1";
  EXPECT_EQ(sender_of(request).address, "127.0.0.1");
  EXPECT_TRUE(sender_of(request).subjects.empty());
  request.is_local = true;
  request.remote_address.clear();
  EXPECT_EQ(sender_of(request).address, "10.1.2.3");
  EXPECT_EQ(sender_of(request).subjects, std::vector<std::string>{"CN=relay"});
  request.headers[0].second = "not an address";
  request.headers[1].second = "FAILED:expired";
  EXPECT_EQ(sender_of(request).address, "");
  EXPECT_TRUE(sender_of(request).subjects.empty());
}

TEST(Sender, CountsAnIpv6NetworkAsOneSender) {
  server::ReceivedRequest request;
  const auto network = [&](const char* address) {
    request.remote_address = address;
    return sender_of(request).network;
  };
  EXPECT_EQ(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
  EXPECT_NE(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
  EXPECT_NE(network("192.30.252.1"), network("192.30.252.2"));
  EXPECT_EQ(network("192.30.252.1"), network("::ffff:192.30.252.1"));
  EXPECT_EQ(network(""), "");
}

}  // namespace sender_test
}  // namespace devy::daemon
