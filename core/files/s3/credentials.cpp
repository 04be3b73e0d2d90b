#include "core/files/s3/credentials.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"

namespace devy::s3 {

Credentials read_credentials(const std::string& path) {
  const auto document = base::read_secret_document(path);
  Credentials credentials;
  auto rest = document.reveal();
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto sign = line.find('=');
    if (sign == std::string_view::npos) continue;
    const auto name = base::trim_blanks(line.substr(0, sign));
    auto value = line.substr(sign + 1);
    if (value.ends_with('\r')) value.remove_suffix(1);
    value = base::trim_blanks(value);
    if (name == "aws_access_key_id") credentials.access_key = value;
    if (name == "aws_secret_access_key") credentials.secret_key = base::Secret(std::string(value));
    if (name == "aws_session_token") credentials.session_token = base::Secret(std::string(value));
  }
  if (credentials.access_key.empty() || credentials.secret_key.empty())
    throw base::Error(base::ErrorKind::config,
                      "unable to read the credentials for S3 in '" + path + "': a key is missing",
                      "Write lines with aws_access_key_id and aws_secret_access_key into it.",
                      "s3_credentials");
  return credentials;
}

}  // namespace devy::s3
