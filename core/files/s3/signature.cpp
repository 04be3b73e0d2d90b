#include "core/files/s3/signature.hpp"

#include <algorithm>
#include <map>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::s3 {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string encoded(std::string_view text, std::string_view kept = {}) {
  std::string out;
  for (const char byte : text)
    if (base::is_letter_or_digit(byte) || std::string_view("-._~").find(byte) < 4 ||
        kept.find(byte) != std::string_view::npos)
      out += byte;
    else base::append_percent_encoded(out, byte);
  return out;
}

// Sorted by their encoded names, as S3 reads them when it checks the signature.
std::string encoded_query(const Query& query) {
  Query parts;
  for (const auto& [name, value] : query)
    parts.emplace_back(encoded(name), encoded(value));
  std::ranges::sort(parts);
  std::string text;
  for (const auto& [name, value] : parts)
    text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
  return text;
}

// "20260102T030405Z".
std::string time_of(base::TimePoint now) {
  std::string text;
  constexpr std::size_t seconds_end = 19;  // of "2026-01-02T03:04:05.678Z"
  for (const char byte : base::format_rfc3339(now).substr(0, seconds_end))
    if (byte != '-' && byte != ':') text += byte;
  return text + "Z";
}

std::string scope_of(const Signer& signer) {
  constexpr std::size_t day_bytes = 8;
  return time_of(signer.now).substr(0, day_bytes) + "/" + signer.region + "/s3/aws4_request";
}

bool is_blank(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

// Without blanks around it, and with one in place of several.
std::string plain_value(std::string_view value) {
  std::string text;
  for (const char byte : value) {
    if (!is_blank(byte)) text += byte;
    else if (!text.empty() && text.back() != ' ') text += ' ';
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// By their lower-case names, in order.
std::map<std::string, std::string> plain_headers(const http::Headers& headers,
                                                 const std::string& host) {
  std::map<std::string, std::string> plain;
  for (const auto& [name, value] : headers)
    plain[base::to_lower(name)] = plain_value(value);
  plain["host"] = host;
  return plain;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers)
    names.append(names.empty() ? "" : ";").append(name);
  return names;
}

std::string signature_of(const PlainRequest& request, const Query& query,
                         const std::map<std::string, std::string>& headers, const Signer& signer) {
  auto canonical =
      request.method + "\n" + encoded(request.path, "/") + "\n" + encoded_query(query) + "\n";
  for (const auto& [name, value] : headers)
    canonical.append(name).append(":").append(value).append("\n");
  canonical.append("\n").append(names_of(headers)).append("\n").append(request.payload_sha256);
  const auto scope = scope_of(signer);
  const auto to_sign = std::string(algorithm) + "\n" + time_of(signer.now) + "\n" + scope + "\n" +
                       base::to_hex(base::sha256(canonical));
  const auto first = "AWS4" + std::string(signer.credentials.secret_key.reveal());
  auto key = base::hmac_sha256(first, scope.substr(0, scope.find('/')));
  for (const auto part :
       {std::string_view(signer.region), std::string_view("s3"), std::string_view("aws4_request")})
    key = base::hmac_sha256(base::view_of(key), part);
  return base::to_hex(base::hmac_sha256(base::view_of(key), to_sign));
}

}  // namespace

std::string target_of(const PlainRequest& request) {
  const auto query = encoded_query(request.query);
  return encoded(request.path, "/") + (query.empty() ? "" : "?" + query);
}

http::Headers sign(const PlainRequest& request, const Signer& signer) {
  http::Headers sent = request.headers;
  sent.emplace_back("x-amz-date", time_of(signer.now));
  sent.emplace_back("x-amz-content-sha256", request.payload_sha256);
  if (!signer.credentials.session_token.empty())
    sent.emplace_back("x-amz-security-token", signer.credentials.session_token.reveal());
  const auto headers = plain_headers(sent, request.host);
  const auto signature = signature_of(request, request.query, headers, signer);
  sent.emplace_back("Host", request.host);
  sent.emplace_back("Authorization", std::string(algorithm) +
                                         " Credential=" + signer.credentials.access_key + "/" +
                                         scope_of(signer) + ", SignedHeaders=" + names_of(headers) +
                                         ", Signature=" + signature);
  return sent;
}

std::string presign(const PlainRequest& request, const Signer& signer, std::chrono::seconds life) {
  const auto headers = plain_headers(request.headers, request.host);
  auto presigned = request;
  presigned.query.insert(
      presigned.query.end(),
      {{"X-Amz-Algorithm", std::string(algorithm)},
       {"X-Amz-Content-Sha256", request.payload_sha256},
       {"X-Amz-Credential", signer.credentials.access_key + "/" + scope_of(signer)},
       {"X-Amz-Date", time_of(signer.now)},
       {"X-Amz-Expires", std::to_string(life.count())},
       {"X-Amz-SignedHeaders", names_of(headers)}});
  if (!signer.credentials.session_token.empty())
    presigned.query.emplace_back("X-Amz-Security-Token", signer.credentials.session_token.reveal());
  const auto signature = signature_of(presigned, presigned.query, headers, signer);
  return target_of(presigned) + "&X-Amz-Signature=" + signature;
}

}  // namespace devy::s3
