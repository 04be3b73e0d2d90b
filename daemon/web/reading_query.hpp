#pragma once
// The query of a request for reading: which posts, and in which form. Everything in it is checked:
// a name that is not known, comes twice or has a value that cannot be is refused in words. Pure;
// any thread.

#include <string_view>
#include <variant>

#include "core/platform/http/message.hpp"
#include "core/publishing/reading/reading.hpp"

namespace devy::daemon {

// The response is a 400 that says what is wrong.
[[nodiscard]] std::variant<publishing::PostFilter, http::Response> read_post_filter(
    std::string_view query);

// The form of one post and its token; the slug is not a part of the query.
[[nodiscard]] std::variant<reading::PostRequest, http::Response> read_post_request(
    std::string_view query);

}  // namespace devy::daemon
