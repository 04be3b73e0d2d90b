#pragma once
// OpenStack Swift with its S3 API, as Debian has it, in a process of its own below a folder that
// goes with it: an S3 that checks signatures, digests and parts. It takes a second to start, so a
// program has one for all its tests; each test has a prefix of its own. Throws std::runtime_error.

#include <sys/types.h>

#include <string>

#include "core/platform/config/config.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {

class Swift {
 public:
  Swift();
  Swift(const Swift&) = delete;
  Swift& operator=(const Swift&) = delete;
  ~Swift();

  // The one of this program, started when it is first asked for.
  [[nodiscard]] static const Swift& shared();

  [[nodiscard]] const std::string& url() const { return url_; }
  // Settings with which it can be used, with a prefix that nobody else has.
  [[nodiscard]] config::FilesS3 settings() const;

 private:
  TempFolder folder_;
  std::string url_;
  int input_ = -1;
  pid_t pid_ = -1;
};

// Writes a file with credentials that others cannot read.
void write_credentials(const std::string& path, const std::string& access_key = "test:tester",
                       const std::string& secret_key = "testing");

}  // namespace devy::testing
