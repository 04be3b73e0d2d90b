#pragma once
// AWS Signature Version 4 of requests to S3: in a header, or in the address (presigned). It asks
// nobody and reads no clock. Pure; any thread.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/message.hpp"

namespace devy::s3 {

struct Credentials {
  std::string access_key;
  base::Secret secret_key;
  base::Secret session_token;  // empty: none
};

// The signature is of these credentials, for a region, from a time on.
struct Signer {
  const Credentials& credentials;  // borrowed
  std::string region;
  base::TimePoint now;
};

// A request before it is encoded: what stands in it is the text that is meant.
struct PlainRequest {
  std::string method = "GET";
  std::string host;  // as in the header Host: with a port that is not the scheme's own
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> query = {};
  http::Headers headers = {};  // that are signed and sent, besides those of the signature
  std::string payload_sha256 = "UNSIGNED-PAYLOAD";  // hexadecimal
};

// Path and query as they are sent.
[[nodiscard]] std::string target_of(const PlainRequest& request);
// All headers that are to be sent, the signature among them.
[[nodiscard]] http::Headers sign(const PlainRequest& request, const Signer& signer);
// Path and query of an address with which whoever has it may make that request, with the header
// Host and those of `request` alone. It is good for so long, a week at most.
[[nodiscard]] std::string presign(const PlainRequest& request, const Signer& signer,
                                  std::chrono::seconds life);

}  // namespace devy::s3
