#pragma once
// The routes of files over real sockets: a server with them alone, whose sessions have the rights
// of devy_web, a disk in a folder of the test's, and the stand-in for GitHub. One thread.

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "core/platform/config/config.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/files_api.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::daemon {

// Users of GitHub are "alice" and "bob" with the tokens "ghp_alice" and "ghp_bob"; "gho_alice" is
// one that an application got. The account "alice" is linked, "carol" is linked to nobody.
class FilesRoutes : public ::testing::Test {
 protected:
  using Document = nlohmann::json;
  FilesRoutes();
  ~FilesRoutes() override;

  // After config_ is as it should be.
  void start();

  // `who`: "" for nobody, "ghp_…" for a token of GitHub's, else whom a token of the site names.
  [[nodiscard]] testing::RawAnswer ask(const std::string& method, const std::string& target,
                                       const std::string& who, const std::string& body = {},
                                       testing::RawHeaders headers = {}) const;
  // What `curl` of the original sends.
  [[nodiscard]] testing::RawAnswer put(const std::string& target, const std::string& name,
                                       const std::string& bytes,
                                       const std::string& who = "ghp_alice") const;
  // The first file of an answer; fails for one that is not 2xx.
  [[nodiscard]] static Document file_of(const testing::RawAnswer& answer);
  [[nodiscard]] std::string value(const std::string& sql) const;
  void execute(const std::string& sql) const;
  // Paths below the disk's folder, one a line.
  [[nodiscard]] std::string paths(const std::string& folder) const;
  // "" when rows and bytes are equal and all sums are right.
  [[nodiscard]] std::string differences() const;

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  testing::GithubState github_;
  config::Config config_;
  std::string address_;
  std::unique_ptr<SessionPool> sessions_;
  WebCounters counters_;
  std::unique_ptr<FilesApi> api_;
  std::unique_ptr<server::HttpServer> server_;
  std::jthread thread_;
};

}  // namespace devy::daemon
