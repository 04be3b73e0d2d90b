#pragma once
// Protection against requests that another site makes with a browser's cookie (CSRF). Both hold:
// the browser says that the request comes from our own pages, and the request has a token that only
// our pages could show. Pure but for the randomness that is given; any thread.
//
// The token is an HMAC of the session's token, masked anew in each answer, so that compression of
// answers betrays nothing of it (BREACH). It is good as long as the session's token is: a page that
// was made before that was renewed is refused and has to be loaded again.

#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/random.hpp"
#include "core/platform/http/message.hpp"

namespace devy::login {

inline constexpr std::string_view csrf_field = "_csrf";          // of a form
inline constexpr std::string_view csrf_header = "X-CSRF-Token";  // of a request by htmx

// A token for the answer that is being made.
[[nodiscard]] std::string new_csrf_token(std::string_view session_token, base::Random& random);
[[nodiscard]] bool is_csrf_token(std::string_view session_token, std::string_view csrf_token);

// Tells whether a request that changes something comes from a page of ours: `Sec-Fetch-Site:
// same-origin`, or where the browser does not send that, an `Origin` that is one of ours. Each of
// `own_origins` is as browsers write it: "https://console.example", "http://127.0.0.1:8000".
[[nodiscard]] bool is_from_own_page(const http::Headers& headers,
                                    const std::vector<std::string>& own_origins);

}  // namespace devy::login
