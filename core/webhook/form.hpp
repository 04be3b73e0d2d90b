#pragma once
// The other way in which GitHub sends a payload, the default of its settings page: as the field
// `payload` of a form. The signature is over the raw form. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::webhook {

// The decoded value of the only field `payload`; nothing when there is none, there are several, or
// the encoding is broken. At most as long as the body.
[[nodiscard]] std::optional<std::string> payload_of_form(std::string_view body);

}  // namespace devy::webhook
