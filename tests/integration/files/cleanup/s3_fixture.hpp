#pragma once
// The fixture of files with contents that go to S3, which is Swift.

#include <string>

#include "core/files/storing/object_name.hpp"
#include "core/files/storing/sending.hpp"
#include "tests/integration/files/cleanup/cleanup_fixture.hpp"
#include "tests/support/s3/swift.hpp"

namespace devy::cleanup {

class S3Fixture : public CleanupFixture {
 protected:
  S3Fixture();

  // Uploads, and has it stored at once where that is possible.
  files::File upload_and_settle(const std::string& name, const std::string& bytes);
  // Runs the operation that waits for the content; returns its state.
  std::string store(const std::string& bytes);
  [[nodiscard]] files::Placed placed(const std::string& bytes);
  [[nodiscard]] std::string key(const std::string& bytes);
  // The object of the content; "absent" when it is not there, or its bytes are others.
  [[nodiscard]] std::string object(const std::string& bytes);
  // How many objects, and uploads in parts, there are.
  [[nodiscard]] std::string in_s3();
  [[nodiscard]] comparison::Findings verify(bool reads_content = true);
  void use_wrong_key();

  std::unique_ptr<s3::Client> client_;
};

// So large that it goes in three parts of 5 MiB; the same for the same seed.
[[nodiscard]] std::string large_bytes(char seed);

}  // namespace devy::cleanup
