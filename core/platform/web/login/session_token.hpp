#pragma once
// The secrets of a browser that is logged in, or is about to be: 256 random bits each, as 43
// letters of base64url. The database knows their SHA-256 digests alone. Pure but for the randomness
// that is given; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::login {

// Cookies: of a session, and of a login under way. Browsers take a name with this beginning from
// this very host alone.
inline constexpr std::string_view session_cookie = "__Host-devy";
inline constexpr std::string_view attempt_cookie = "__Host-devy-login";

// The page that logs in by a token of `devy-upload web link`, which stands behind it.
inline constexpr std::string_view link_path = "/login/link/";

inline constexpr std::size_t token_letters = 43;

// Makes a token: of a session, an attempt's state or cookie, an address that logs in.
[[nodiscard]] base::Secret new_token(base::Random& random);
// The digest by which the database knows it; nothing for a text that is no token, for which nobody
// needs to ask.
[[nodiscard]] std::optional<base::Sha256> token_hash(std::string_view token);

}  // namespace devy::login
