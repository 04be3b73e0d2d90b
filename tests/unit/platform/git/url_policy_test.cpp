#include "core/platform/git/url_policy.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/platform/git/host_address.hpp"

namespace devy::git {
namespace url_policy_test {

config::Git production() {
  return {};
}

config::Git anything() {
  config::Git policy;
  policy.url_schemes = {"https", "http", "file"};
  policy.url_hosts = {};
  policy.allow_private_addresses = true;
  return policy;
}

bool is_allowed(std::string_view url, const config::Git& policy = production()) {
  try {
    static_cast<void>(normalize_url(url, policy));
    return true;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "url_not_allowed") << url;
    EXPECT_EQ(error.kind(), base::ErrorKind::rejected) << url;
    EXPECT_TRUE(error.text().starts_with("unable to use the address '")) << error.text();
    EXPECT_FALSE(error.hint().empty()) << url;
    return false;
  }
}

TEST(UrlPolicy, NormalisesGitHubAddresses) {
  for (const auto* url :
       {"ada/blog", "ada/blog.git", "github.com/ada/blog", "https://github.com/ada/blog",
        "https://github.com/ada/blog/", "HTTPS://GitHub.com:443/ada/blog.git?tab=readme#top"})
    EXPECT_EQ(normalize_url(url, production()), "https://github.com/ada/blog.git") << url;
}

TEST(UrlPolicy, RefusesOtherSchemesAndHosts) {
  for (const auto* url : {"http://github.com/a/b",
                          "git://github.com/a/b",
                          "ssh://git@github.com/a/b",
                          "git@github.com:a/b.git",
                          "github.com:a/b",
                          "ext::sh -c x",
                          "file:///etc",
                          "/etc",
                          "./a",
                          "../a/b",
                          "~/a",
                          "https://gitlab.com/a/b",
                          "https://github.com.evil.test/a/b",
                          "https://github.com:8443/a/b",
                          "https://github.com",
                          "https://github.com/a",
                          "https://github.com/a/b/c",
                          "https:///a/b",
                          "",
                          "https://"})
    EXPECT_FALSE(is_allowed(url)) << url;
}

TEST(UrlPolicy, RefusesUserNamesAndNeverPrintsThem) {
  EXPECT_FALSE(is_allowed("https://user:ghp_0123456789abcdefghij@github.com/a/b"));
  try {
    static_cast<void>(normalize_url("https://user:hunter2@github.com/a/b", production()));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.text().find("hunter2"), std::string::npos) << error.text();
  }
}

TEST(UrlPolicy, RefusesPathsThatClimb) {
  for (const auto* url :
       {"https://h.test/a/../b", "https://h.test/a//b", "https://h.test/./a",
        "https://h.test/%2e%2e/b", "https://h.test/a\\b", "https://h.test/a b",
        "https://h.test/a\nb", "file:///a/../b", "file://host/a", "https://h.test/\xff"})
    EXPECT_FALSE(is_allowed(url, anything())) << url;
}

TEST(UrlPolicy, TakesWhatTheConfigurationAllows) {
  auto policy = anything();
  EXPECT_EQ(normalize_url("/srv/git/a.git", policy), "file:///srv/git/a.git");
  EXPECT_EQ(normalize_url("file://localhost/srv/a.git", policy), "file:///srv/a.git");
  EXPECT_EQ(normalize_url("http://127.0.0.1:8080/a/b.git", policy),
            "http://127.0.0.1:8080/a/b.git");
  EXPECT_EQ(normalize_url("https://[::1]:8443/a", policy), "https://[::1]:8443/a");
  policy.url_hosts = {"git.test:8443", "plain.test"};
  EXPECT_TRUE(is_allowed("https://git.test:8443/a/b", policy));
  EXPECT_FALSE(is_allowed("https://git.test/a/b", policy));
  EXPECT_TRUE(is_allowed("http://plain.test:8080/a/b", policy));
  EXPECT_FALSE(is_allowed("https://plain.test:8080/a/b", policy));
}

TEST(UrlPolicy, RefusesPrivateAddresses) {
  auto policy = anything();
  policy.allow_private_addresses = false;
  for (const auto* host : {"127.0.0.1", "localhost", "localhost.", "10.1.2.3", "172.16.0.1",
                           "192.168.1.1", "169.254.169.254", "0.0.0.0", "[::1]", "[fe80::1]",
                           "[fd00::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"})
    EXPECT_FALSE(is_allowed(std::string("http://") + host + "/a/b", policy)) << host;
  EXPECT_TRUE(is_allowed("http://93.184.216.34/a/b", policy));
}

TEST(UrlPolicy, ClassifiesHosts) {
  EXPECT_EQ(classify_host("github.com"), HostKind::name);
  EXPECT_EQ(classify_host("8.8.8.8"), HostKind::public_address);
  EXPECT_EQ(classify_host("[2606:4700::1]"), HostKind::public_address);
  EXPECT_EQ(classify_host("[2002:7f00:1::]"), HostKind::private_address);
  EXPECT_EQ(classify_host("a..b"), HostKind::malformed);
  EXPECT_EQ(classify_host("[::1"), HostKind::malformed);
  EXPECT_EQ(classify_host("a b"), HostKind::malformed);
}

TEST(UrlPolicy, DisplaysOwnerAndName) {
  EXPECT_EQ(display_name("https://github.com/ada/blog.git"), "ada/blog");
  EXPECT_EQ(display_name("file:///srv/git/ada/blog.git/"), "ada/blog");
  EXPECT_EQ(display_name("/blog"), "blog");
  EXPECT_EQ(display_name("ada/blog"), "ada/blog");
  EXPECT_EQ(display_name(""), "");
}

}  // namespace url_policy_test
}  // namespace devy::git
