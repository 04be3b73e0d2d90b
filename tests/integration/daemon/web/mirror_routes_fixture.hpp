#pragma once
// The mirror's routes over real sockets: a server with them alone, whose sessions have the rights
// of devy_web, and the stand-in for GitHub. Operations run when a test says so. One thread.

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "core/platform/config/config.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/mirror_api.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::daemon {

// At GitHub: "alice/notes" is public, "alice/secret" private; the tokens are "ghp_alice", who owns
// both, "ghp_bob", a stranger, and the mirror's own, which sees all. Accounts "alice" and "bob" are
// linked to them; "carol" is linked to nobody.
class MirrorRoutes : public ::testing::Test {
 protected:
  using Document = nlohmann::json;
  MirrorRoutes();
  ~MirrorRoutes() override;

  // After config_ is as it should be.
  void start();
  // Runs whatever is due, in the lane of GitHub too.
  void run_operations() const;
  // The mirror has read both repositories whole.
  void fill();

  // `who`: "" for nobody, "ghp_…" for a token of GitHub's, else whom a token of the site names.
  [[nodiscard]] testing::RawAnswer ask(const std::string& method, const std::string& target,
                                       const std::string& who, const std::string& body = {},
                                       testing::RawHeaders headers = {}) const;
  [[nodiscard]] testing::RawAnswer get(const std::string& target, const std::string& who) const {
    return ask("GET", target, who);
  }
  [[nodiscard]] testing::RawAnswer post(const std::string& target, const std::string& who,
                                        const std::string& body = {}) const {
    return ask("POST", target, who, body);
  }
  [[nodiscard]] static Document json_of(const testing::RawAnswer& answer);
  // The id in an answer of 202; fails for any other.
  [[nodiscard]] static std::string id_of(const testing::RawAnswer& answer);
  [[nodiscard]] std::string value(const std::string& sql) const;
  void execute(const std::string& sql) const;
  // A file that only its owner can read.
  [[nodiscard]] std::string secret_file(const std::string& name, const std::string& secret) const;
  // Until the database says so.
  void wait_for(const std::string& condition) const;

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  testing::GithubState github_;
  config::Config config_;
  std::string address_;
  std::unique_ptr<SessionPool> sessions_;
  WebCounters counters_;
  std::unique_ptr<MirrorApi> api_;
  std::unique_ptr<server::HttpServer> server_;
  std::jthread thread_;
};

inline constexpr const char* site_secret = "the secret that tokens are signed with";

}  // namespace devy::daemon
