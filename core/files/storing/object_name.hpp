#pragma once
// How contents are called in S3: "<prefix>ab/<sha256>.<generation>". Pure; any thread.

#include <optional>
#include <string>

#include "core/files/s3/client.hpp"
#include "core/files/store/storing_store.hpp"

namespace devy::storing {

[[nodiscard]] std::string key_of(const config::FilesS3& settings, const base::Sha256& sha256,
                                 std::int64_t generation);
// Nothing for an object that is none of ours.
[[nodiscard]] std::optional<files::ObjectName> name_of(const config::FilesS3& settings,
                                                       const s3::Object& object);

}  // namespace devy::storing
