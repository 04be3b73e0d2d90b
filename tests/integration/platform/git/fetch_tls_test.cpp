// Fetches over https, with an authority of our own: both the list of references (OpenSSL, through
// cpp-httplib) and the pack (whatever libgit2 was built with) verify the certificate.
#include <filesystem>

#include "tests/integration/platform/git/fixture.hpp"

namespace devy::git {
namespace fetch_tls_test {

class FetchTls : public FetchTest {
 protected:
  FetchTls()
      : identity_(testing::make_tls_identity(folder_.path())),
        secure_(folder_ / "srv", {.tls = identity_}) {
    url_ = secure_.url("alice/blog.git");
    config_.git.url_schemes = {"https"};
    trust(secure_, {});
  }

  // The only host, and the file of its authority.
  void trust(const testing::GitHttpServer& server, const std::string& ca_file) {
    config_.git.url_hosts = {"localhost:" + std::to_string(server.port())};
    config_.git.ca_file = ca_file;
  }
  // Though its authority is trusted, whoever shows this is asked for nothing.
  void expect_refused(const testing::TlsIdentity& identity) {
    const testing::GitHttpServer server(folder_ / "srv", {.tls = identity});
    trust(server, identity.certificate_file);
    expect_refused(server, {.url = server.url("alice/blog.git")});
  }
  void expect_refused(const testing::GitHttpServer& server, const FetchRequest& request) {
    publish();
    const auto error = error_of(request);
    EXPECT_EQ(error.code(), "tls_verify") << error.text();
    EXPECT_EQ(error.kind(), base::ErrorKind::denied);
    EXPECT_FALSE(error.hint().empty());
    EXPECT_EQ(server.counters().requests, 0U);
  }

  testing::TlsIdentity identity_;
  testing::GitHttpServer secure_;
};

TEST_F(FetchTls, TrustsTheConfiguredAuthority) {
  const auto commit = publish();
  config_.git.ca_file = identity_.certificate_file;
  EXPECT_EQ(fetch().tip().commit.hex(), commit);
}

TEST_F(FetchTls, RefusesAnUnknownAuthority) {
  expect_refused(secure_, {.url = url_});
}

TEST_F(FetchTls, RefusesAnotherName) {
  const testing::TempFolder folder;
  // Its subject still says localhost, which counts for nothing beside other names.
  expect_refused(
      testing::make_tls_identity(folder.path(), testing::Validity::now, "DNS:elsewhere.test"));
}

TEST_F(FetchTls, RefusesAnExpiredCertificate) {
  const testing::TempFolder folder;
  expect_refused(testing::make_tls_identity(folder.path(), testing::Validity::over));
}

TEST_F(FetchTls, RefusesAnOldProtocol) {
  auto old = identity_;
  old.speaks_old_tls_only = true;
  expect_refused(old);
}

TEST_F(FetchTls, SendsTheTokenToItsHost) {
  const auto commit = publish();
  config_.git.ca_file = identity_.certificate_file;
  config_.git.token_host = "localhost";
  config_.git.token_for = {"alice"};
  config_.git.token_file = folder_ / "token";
  testing::write_text(config_.git.token_file, "ghp_right0123456789");
  std::filesystem::permissions(config_.git.token_file, std::filesystem::perms::owner_read);
  secure_.misbehave([](testing::Faults& faults) { faults.token = "ghp_right0123456789"; });
  EXPECT_EQ(fetch().tip().commit.hex(), commit);
}

}  // namespace fetch_tls_test
}  // namespace devy::git
