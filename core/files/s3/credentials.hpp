#pragma once
// The file with the credentials for S3, as Amazon's own programs write it: lines
// "aws_access_key_id = …", "aws_secret_access_key = …", "aws_session_token = …"; sections and
// comments are passed over. Any thread.

#include <string>

#include "core/files/s3/signature.hpp"

namespace devy::s3 {

// Throws Error(config) for a file that others can read, or that lacks one of the two.
[[nodiscard]] Credentials read_credentials(const std::string& path);

}  // namespace devy::s3
