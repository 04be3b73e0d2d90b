#pragma once
// The other encoding in which GitHub sends a payload, the default of its settings page: as the
// field `payload` of a form. The signature covers the raw form. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::webhook {

// Returns the decoded value of the only field `payload`; nothing when there is none, there are
// several, or the encoding is invalid. The value is at most as long as the body.
[[nodiscard]] std::optional<std::string> payload_of_form(std::string_view body);

}  // namespace devy::webhook
