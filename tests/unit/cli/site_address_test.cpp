#include "cli/commands/web/site_address.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace site_address_test {

TEST(SiteAddressTest, PrefersTheUrlThatBrowsersSee) {
  config::Config config;
  config.web.addresses = {"unix:/run/devy/web.sock", "127.0.0.1:8000", "127.0.0.1:8080"};
  EXPECT_EQ(site_address(config), "http://127.0.0.1:8000");
  config.web.url = "https://console.example/";
  EXPECT_EQ(site_address(config), "https://console.example");
}

TEST(SiteAddressTest, SaysWhereNoBrowserCouldGetThere) {
  config::Config config;
  config.web.addresses = {"unix:/run/devy/web.sock"};
  EXPECT_THROW(static_cast<void>(site_address(config)), base::Error);
  config.web.addresses = {};
  EXPECT_THROW(static_cast<void>(site_address(config)), base::Error);
}

}  // namespace site_address_test
}  // namespace devy::cli
