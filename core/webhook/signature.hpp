#pragma once
// Whether a webhook's body was signed with one of our secrets: HMAC-SHA256 over the raw bytes
// (github.md). Compared in constant time, and every candidate is tried whatever the others gave, so
// that neither which secret fits nor how nearly shows in the time. Pure; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"

namespace devy::webhook {

// Several may be good at once, so that one can be replaced without losing a delivery.
struct SigningSecret {
  std::string id;  // named in logs and with each delivery; never the secret itself
  base::Secret secret;
  std::optional<base::TimePoint> ends_at;  // not good from then on
  std::optional<std::int64_t> github_id;   // good for this repository's deliveries alone
};

// How many are tried for one delivery: a body of 25 MiB costs some 20 ms for each.
inline constexpr std::size_t candidates_max = 8;

// "sha256=" and 64 hexadecimal digits of the MAC.
[[nodiscard]] std::string sign(std::string_view body, const base::Secret& secret);

// `signature` is the X-Hub-Signature-256 header. `target` is the repository that the sender says it
// speaks of (a header, so unsigned): it selects which repository's own secrets are tried beside
// those for all. Whoever gets a secret back that has a `github_id` must then see that the body
// speaks of that repository and no other. Null: not signed by us, whatever the reason.
[[nodiscard]] const SigningSecret* find_signer(std::span<const SigningSecret> secrets,
                                               std::string_view body, std::string_view signature,
                                               std::optional<std::int64_t> target,
                                               base::TimePoint now);

}  // namespace devy::webhook
