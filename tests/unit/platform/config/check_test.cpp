#include "core/platform/config/check.hpp"

#include <gtest/gtest.h>

namespace devy::config {
namespace check_test {

std::vector<std::string> keys(const Config& config, bool of_warnings) {
  std::vector<std::string> result;
  for (const auto& finding : check(config))
    if (finding.is_warning == of_warnings) result.push_back(finding.key);
  return result;
}
using Keys = std::vector<std::string>;

TEST(Check, FindsNothingInTheDefaults) {
  EXPECT_TRUE(check(Config{}).empty());
}

TEST(Check, NamesWhatCannotWork) {
  Config config;
  config.runtime_directory = "run";
  config.git.url_schemes.clear();
  config.git.url_hosts = {"https://github.com"};
  config.git.token_host = "GitHub.com";
  config.git.token_file = "token";
  config.git.token_for = {"https://github.com/alice"};
  config.git.ca_file = "ca.pem";
  EXPECT_EQ(keys(config, false),
            (Keys{"runtime_directory", "git.url_schemes", "git.url_hosts", "git.token_host",
                  "git.token_file", "git.token_for", "git.ca_file"}));
}

TEST(Check, NamesWhatSyncCannotDoWithout) {
  Config config;
  config.sync.enabled = true;
  config.sync.token_key_file = "tokens.key";
  EXPECT_EQ(keys(config, false),
            (Keys{"sync.token_key_file", "sync.enabled", "sync.enabled", "sync.marker_key_file"}));
  config.mirror.enabled = true;
  config.mirror.comments = true;
  config.sync.token_key_file.clear();
  config.sync.marker_key_file = "/etc/marker.key";
  EXPECT_TRUE(keys(config, false).empty());
}

TEST(Check, NamesHostsAndNetworksOfGistsThatAreNone) {
  Config config;
  config.gists.raw_hosts = {"https://gist.githubusercontent.com"};
  config.gists.git_host = "";
  config.gists.open_networks = {"127.0.0.0/8", "office"};
  config.gists.spread = config.gists.every + seconds{1};
  EXPECT_EQ(keys(config, false),
            (Keys{"gists.raw_hosts", "gists.git_host", "gists.open_networks"}));
  EXPECT_EQ(keys(config, true), Keys{"gists.spread"});
}

TEST(Check, TakesAnOriginForTheSiteAndNothingElse) {
  for (const char* url : {"https://devy.example", "http://localhost:8080", "http://[::1]"}) {
    Config config;
    config.site.url = url;
    EXPECT_TRUE(keys(config, false).empty()) << url;
  }
  for (const char* url : {"", "devy.example", "https://", "https://a/", "https://a/b", "ftp://a",
                          "https://a b", "https://a\"><"}) {
    Config config;
    config.site.url = url;
    EXPECT_EQ(keys(config, false), Keys{"site.url"}) << url;
  }
}

TEST(Check, TakesAnApiOverHttpOnlyWhereGitMay) {
  Config config;
  for (const char* url : {"https://ghe.example/api/v3", "https://ghe.example:8443"}) {
    config.github.api_url = url;
    EXPECT_TRUE(keys(config, false).empty()) << url;
  }
  for (const char* url : {"", "http://127.0.0.1:1", "https://ghe.example/", "https://u@ghe.example",
                          "https://ghe.example/?x", "ghe.example", "https:///x"}) {
    config.github.api_url = url;
    EXPECT_EQ(keys(config, false), Keys{"github.api_url"}) << url;
  }
  config.github = {};
  config.webhook.ranges_url = "http://127.0.0.1:1/meta";
  EXPECT_EQ(keys(config, false), Keys{"webhook.ranges_url"});
  config.github.api_url = "http://127.0.0.1:1";
  config.git.url_schemes = {"https", "http"};
  EXPECT_TRUE(keys(config, false).empty());
}

TEST(Check, WantsAnAppWhole) {
  Config config;
  config.github.host = "https://github.com";
  config.github.token_file = "token";
  config.github.token_for = {"alice"};
  config.github.app_key_file = "app.pem";
  EXPECT_EQ(keys(config, false), (Keys{"github.host", "github.token_file", "github.app_key_file",
                                       "github.app_key_file"}));
  EXPECT_FALSE(config.github.has_app());
  config.github = {};
  config.github.app_id = "1";
  config.github.app_key_file = "/app.pem";
  config.github.token_file = "/token";
  config.github.token_for = {"alice", "bob/notes"};
  EXPECT_TRUE(config.github.has_app());
  EXPECT_TRUE(keys(config, false).empty());
  EXPECT_EQ(keys(config, true), Keys{"github.token_file"});
}

TEST(Check, WantsToKnowWhoseRepositoriesATokenIsFor) {
  Config config;
  config.git.token_file = "/token";
  config.github.token_file = "/token";
  EXPECT_EQ(keys(config, false), (Keys{"git.token_for", "github.token_for"}));
  for (const char* scope : {"", "/alice", "alice/", "alice/notes.git", "a b", "*"}) {
    config.git.token_for = config.github.token_for = {"alice", scope};
    EXPECT_EQ(keys(config, false), (Keys{"git.token_for", "github.token_for"})) << scope;
  }
}

TEST(Check, WarnsAboutWhatWorksAgainstEachOther) {
  Config config;
  config.queue.lease_ttl = seconds{25};
  config.database.lock_timeout = seconds{31};
  config.limits.fetch_stall = seconds{601};
  config.limits.markdown_total_bytes_max = kibibyte;
  config.limits.front_matter_bytes_max = mebibyte;
  EXPECT_EQ(
      keys(config, true),
      (Keys{"database.idle_in_transaction_timeout", "database.lock_timeout", "limits.fetch_stall",
            "limits.markdown_file_bytes_max", "limits.front_matter_bytes_max"}));
  EXPECT_TRUE(keys(config, false).empty());
}

TEST(Check, WantsAListenerThatCanListen) {
  Config config;
  config.listener.tls_key_file = "key.pem";
  config.webhook.ranges_file = "ranges.json";
  config.listener.bodies_bytes_max = mebibyte;
  config.listener.sender_bodies_bytes_max = mebibyte;
  config.api.keys = {"one RS256 /etc/devy/api.pem"};
  EXPECT_EQ(keys(config, false),
            (Keys{"listener.tls_key_file", "webhook.ranges_file", "listener.tls_key_file",
                  "listener.bodies_bytes_max", "listener.sender_bodies_bytes_max", "api.issuer"}));
  Config with_ca;
  with_ca.listener.client_ca_file = "/etc/devy/clients.pem";
  EXPECT_EQ(keys(with_ca, false), Keys{"listener.client_ca_file"});
}

TEST(Check, WantsWorkersThatCanWork) {
  Config config;
  config.workers.min = 5;
  EXPECT_EQ(keys(config, false), Keys{"workers.min"});
  config = Config{};
  config.workers.wall_clock = seconds{100};
  config.workers.grown_bytes_max = 513 * mebibyte;
  EXPECT_EQ(keys(config, true),
            (Keys{"workers.stall", "limits.fetch_wall_clock", "workers.grown_bytes_max"}));
}

TEST(Check, WantsAFolderForFiles) {
  Config config;
  config.files.enabled = true;
  config.files.node = "A b";
  config.files.file_bytes_max = 3 * 1024 * mebibyte;
  EXPECT_EQ(keys(config, false), (Keys{"files.directory", "files.node"}));
  EXPECT_EQ(keys(config, true), Keys{"files.file_bytes_max"});
  config.files.directory = "files";
  EXPECT_EQ(keys(config, false), (Keys{"files.directory", "files.node"}));
}

TEST(Check, WantsToKnowWhereS3Is) {
  Config config;
  config.files.storage = "s3";
  EXPECT_EQ(keys(config, false),
            (Keys{"files.s3.endpoint", "files.s3.bucket", "files.s3.credentials_file"}));
  auto& s3 = config.files.s3;
  s3 = {};
  s3.endpoint = "https://s3.example:9000";
  s3.bucket = "our-files";
  s3.prefix = "devy/";
  s3.credentials_file = "/etc/devy-upload/s3";
  EXPECT_EQ(keys(config, false), Keys{});
  s3.prefix = "/devy";
  s3.endpoint = "https://s3.example/path";
  s3.bucket = "Ours";
  EXPECT_EQ(keys(config, false), (Keys{"files.s3.endpoint", "files.s3.bucket", "files.s3.prefix"}));
}

TEST(Check, TakesHostsWithPorts) {
  Config config;
  config.git.url_hosts = {"127.0.0.1:8080", "[::1]:8080", "git.example.org"};
  EXPECT_TRUE(check(config).empty());
}

TEST(Check, AcceptsAnEmptyListForAnyHost) {
  Config config;
  config.git.url_hosts.clear();
  EXPECT_TRUE(check(config).empty());
}

}  // namespace check_test
}  // namespace devy::config
