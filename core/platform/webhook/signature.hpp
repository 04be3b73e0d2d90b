#pragma once
// Checks whether a webhook's body was signed with one of our secrets: HMAC-SHA256 over the raw
// bytes (github.md). The comparison takes constant time, and every candidate is tried whatever the
// others gave, so that the time reveals neither which secret matches nor how nearly. Pure; any
// thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/scope.hpp"

namespace devy::webhook {

// Several secrets may be valid at once, so that one can be replaced without losing a delivery.
struct SigningSecret {
  std::string id;  // appears in logs and with each delivery; it is not the secret itself
  base::Secret secret;
  std::optional<base::TimePoint> ends_at;  // not valid from then on
  Scope scope;                             // what its holder may sign
};

// Limit for the secrets tried per delivery: each costs some 20 ms for a body of 25 MiB.
inline constexpr std::size_t candidates_max = 8;

// Returns "sha256=" and the 64 hexadecimal digits of the MAC.
[[nodiscard]] std::string sign(std::string_view body, const base::Secret& secret);

// `signature` is the X-Hub-Signature-256 header. `target` is the repository that the sender claims
// to speak of (a header, so unsigned): it selects which repository's own secrets are tried besides
// those for all. The caller must check that the body is within the returned secret's scope. Returns
// null when no secret matches, for whatever reason.
[[nodiscard]] const SigningSecret* find_signer(std::span<const SigningSecret> secrets,
                                               std::string_view body, std::string_view signature,
                                               std::optional<std::int64_t> target,
                                               base::TimePoint now);

}  // namespace devy::webhook
