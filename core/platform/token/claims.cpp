#include "core/platform/token/claims.hpp"

#include <algorithm>
#include <cmath>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/token/compact.hpp"

namespace devy::token {
namespace {

using base::Error;
using base::ErrorKind;

// The end of the year 9999; later times could overflow.
constexpr double seconds_max = 253'402'300'799;

[[noreturn]] void refuse(const char* code, const char* cause) {
  throw Error(ErrorKind::denied, std::string("unable to accept the token: ") + cause,
              "Get a fresh one from the issuer.", code);
}

json::Value part(std::string_view text) {
  const auto bytes = base::decode_base64url(text);
  if (!bytes) refuse("token_malformed", "it is no base64url");
  auto object = parse_object(*bytes);
  if (!object) refuse("token_malformed", "a part of it is no JSON object, or has a name twice");
  return *std::move(object);
}

const Key& key_of(const json::Value& header, const Keys& keys, base::TimePoint now,
                  std::string& id) {
  // An extension that must be understood is not understood here.
  if (header.has_name("crit") || header.has_name("b64") || header.has_name("enc") ||
      header.has_name("zip"))
    refuse("token_algorithm", "it asks for an extension");
  if (const auto type = header.if_text("typ");
      header.has_name("typ") &&
      (!type || (!base::is_same_word(*type, "JWT") && !base::is_same_word(*type, "at+jwt"))))
    refuse("token_algorithm", "it is of another type");
  id = header.if_text("kid").value_or("");
  if (!is_key_id(id)) refuse("token_key", "it names no key");
  const auto found = keys.find(id);
  if (found == keys.end() || (found->second->ends_at && *found->second->ends_at <= now))
    refuse("token_key", "its key is not known, or no longer good");
  if (header.if_text("alg") != to_string(found->second->algorithm()))
    refuse("token_algorithm", "its algorithm is not its key's");
  return *found->second;
}

double time_of(const json::Value& claims, const char* name) {
  const auto time = claims.if_number(name);
  if (!time || !std::isfinite(*time) || *time < 0 || *time > seconds_max)
    refuse("token_claims", "one of its times is missing");
  return *time;
}

void check_times(const json::Value& claims, const Rules& rules, base::TimePoint now) {
  const auto seconds = [](auto duration) {
    return std::chrono::duration<double>(duration).count();
  };
  const double at = seconds(now.time_since_epoch());
  const double leeway = seconds(rules.leeway);
  const double issued_at = time_of(claims, "iat"), expires_at = time_of(claims, "exp");
  if (at >= expires_at + leeway) refuse("token_expired", "it has expired");
  if (issued_at > at + leeway) refuse("token_claims", "it was issued in the future");
  if (claims.has_name("nbf") && time_of(claims, "nbf") > at + leeway)
    refuse("token_claims", "it is not good yet");
  if (expires_at <= issued_at || expires_at - issued_at > seconds(rules.life_max))
    refuse("token_claims", "it is good for too long");
}

std::vector<std::string> audiences_of(const json::Value& claims) {
  if (auto one = claims.if_text("aud")) return {*std::move(one)};
  return claims.if_texts("aud");
}

}  // namespace

bool is_token_id(std::string_view text) {
  return !text.empty() && text.size() <= token_id_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Claims verify(std::string_view token, const Keys& keys, const Rules& rules, base::TimePoint now) {
  if (token.size() > token_bytes_max) refuse("token_malformed", "it is too long");
  const auto first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
    refuse("token_malformed", "it has not three parts");
  Claims claims;
  const auto header = part(token.substr(0, first));
  const auto& key = key_of(header, keys, now, claims.key);
  const auto signature = base::decode_base64url(token.substr(last + 1));
  if (!signature) refuse("token_malformed", "it is no base64url");
  if (!key.has_signed(token.substr(0, last), *signature))
    refuse("token_signature", "its signature is wrong");
  // The token's content is used only from here on.
  const auto payload = part(token.substr(first + 1, last - first - 1));
  check_times(payload, rules, now);
  if (payload.if_text("iss") != rules.issuer) refuse("token_claims", "it is another issuer's");
  const auto audiences = audiences_of(payload);
  if (std::find(audiences.begin(), audiences.end(), rules.audience) == audiences.end())
    refuse("token_claims", "it is for somebody else");
  claims.subject = payload.if_text("sub").value_or("");
  if (claims.subject.empty()) refuse("token_claims", "it names no subject");
  if (payload.has_name("jti")) {
    claims.id = payload.if_text("jti").value_or("");
    // A token without a valid id could not be denied.
    if (!is_token_id(claims.id)) refuse("token_claims", "its own id cannot be used");
  }
  return claims;
}

}  // namespace devy::token
