#pragma once
// Compares rows with the objects in S3. Internal to core/files/comparison. Throws what s3::Client
// and pg::Connection throw.

#include <string_view>

#include "core/files/comparison/comparison.hpp"

namespace devy::comparison {

// The places of objects begin with it, among findings.
inline constexpr std::string_view place_in_s3 = "s3:";

void verify_s3(pg::Connection& connection, const Request& request, Findings& findings);
// False when the content is not in S3.
[[nodiscard]] bool check_in_s3(pg::Connection& connection, const Request& request,
                               const base::Sha256& sha256, Findings& findings);

}  // namespace devy::comparison
