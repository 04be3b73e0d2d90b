#pragma once
// The escapes of URLs: "%2F". Which bytes need one differs by place, and each caller says it. Pure;
// any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::base {

// Appends a byte as an escape.
void append_percent_encoded(std::string& url, char byte);

// Replaces every escape by its byte; a '%' that begins none stands for itself, as in a browser.
[[nodiscard]] std::string percent_decoded(std::string_view text);

// Decodes a name or value of a form (application/x-www-form-urlencoded), as queries have them too:
// a '+' is a blank. Returns nothing where a '%' begins no escape.
[[nodiscard]] std::optional<std::string> form_decoded(std::string_view text);

}  // namespace devy::base
