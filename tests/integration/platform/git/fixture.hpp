#pragma once
// What every test of a fetch starts with: an author, a bare repository, a server, a configuration
// that may fetch from it, and a folder of our own for the clones. One thread.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/git/clone.hpp"
#include "tests/support/git/git_http_server.hpp"
#include "tests/support/git/git_repository.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::git {

class FetchTest : public ::testing::Test {
 protected:
  FetchTest();

  [[nodiscard]] std::string bare() const { return folder_ / "srv/alice/blog.git"; }
  [[nodiscard]] std::string file_url() const { return "file://" + bare(); }
  // Writes posts/hello.md, commits, pushes.
  std::string publish(const std::string& text = "# Hello\n");
  [[nodiscard]] Clone fetch(const FetchRequest& request);
  [[nodiscard]] Clone fetch() { return fetch({.url = url_}); }
  // The error that ends this fetch; a fetch that works is a failure of the test.
  [[nodiscard]] base::Error error_of(const FetchRequest& request);
  [[nodiscard]] base::Error error_of() { return error_of({.url = url_}); }
  // Names in the folder where clones live.
  [[nodiscard]] std::vector<std::string> clone_folders() const;
  // The paths of a walk, with "@" behind links and "%" behind submodules.
  [[nodiscard]] static std::vector<std::string> paths_of(
      const Clone& clone, std::string_view root = {},
      std::vector<snapshot::FileError>* warnings = nullptr);

  testing::TempFolder folder_;
  testing::GitRepository author_;
  testing::GitHttpServer server_;
  std::string url_;
  config::Config config_;
};

// A commit's id as its type.
[[nodiscard]] CommitId commit_id(const std::string& hex);

}  // namespace devy::git
