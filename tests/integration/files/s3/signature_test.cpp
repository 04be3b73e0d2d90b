#include "core/files/s3/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/process/peer.hpp"

namespace devy::s3 {
namespace {

using nlohmann::json;

std::string header_of(const http::Headers& headers, std::string_view name) {
  return std::string(http::first_header(headers, name));
}

// The parameters of a target, sorted, without the signature; and that.
std::pair<std::string, std::string> parameters_of(const std::string& target) {
  std::vector<std::string> parameters;
  std::string signature, rest = target.substr(target.find('?') + 1);
  while (!rest.empty()) {
    const auto one = rest.substr(0, rest.find('&'));
    rest.erase(0, one.size() + 1);
    constexpr std::string_view name = "X-Amz-Signature=";
    if (one.starts_with(name)) signature = one.substr(name.size());
    else parameters.push_back(one);
  }
  std::ranges::sort(parameters);
  std::string joined;
  for (const auto& one : parameters)
    joined += (joined.empty() ? "" : "&") + one;
  return {joined, signature};
}

TEST(S3Signature, IsThatOfAmazonsOwnSigner) {
  // 10 000 take ten seconds, and were the same once.
  constexpr std::size_t requests = 3'000;
  const auto lines = testing::run_peer("s3_signatures.mjs", {std::to_string(requests), "7"});
  ASSERT_EQ(lines.size(), requests);
  int wrong = 0;
  for (const auto& line : lines) {
    const auto expected = json::parse(line);
    const Credentials credentials{expected["access_key"],
                                  base::Secret(expected["secret_key"].get<std::string>()),
                                  base::Secret(expected["session_token"].get<std::string>())};
    const Signer signer{credentials, expected["region"],
                        base::TimePoint(std::chrono::seconds(expected["seconds"].get<long>()))};
    PlainRequest request{.method = expected["method"],
                         .host = expected["host"],
                         .path = expected["path"],
                         .payload_sha256 = expected["payload"]};
    for (const auto& parameter : expected["query"])
      request.query.emplace_back(parameter[0], parameter[1]);
    for (const auto& [name, value] : expected["headers"].items())
      request.headers.emplace_back(name, value);
    const auto authorization = header_of(sign(request, signer), "authorization");
    request.headers.clear();
    for (const auto& [name, value] : expected["own"].items())
      request.headers.emplace_back(name, value);
    const auto [parameters, signature] = parameters_of(
        presign(request, signer, std::chrono::seconds(expected["expires"].get<long>())));
    const bool is_same = authorization == expected["authorization"] &&
                         signature == expected["signature"] && parameters == expected["presigned"];
    if (is_same) continue;
    if (++wrong == 1) ADD_FAILURE() << line << "\n" << authorization << "\n" << parameters;
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace devy::s3
