#pragma once
// Sends a content to S3 in parts, several at a time, and goes on with what S3 has of it already.
// Internal to core/files/storing. Throws what s3::Client throws.

#include "core/files/storing/sending.hpp"

namespace devy::storing {

[[nodiscard]] Sent send_in_parts(const Sending& sending, s3::Client& client,
                                 const files::Placed& content, const std::string& key,
                                 const http::FileRange& whole);

}  // namespace devy::storing
