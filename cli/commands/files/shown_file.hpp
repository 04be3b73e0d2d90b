#pragma once
// Shared by the verbs about files: finding a file by its id, and the disk of this node.
// One thread.

#include <memory>
#include <string>

#include "cli/context.hpp"
#include "core/files/storage/disk.hpp"
#include "core/files/store/file.hpp"

namespace devy::cli {

// Throws Error(usage) for what is no id, Error(not_found) for a file that is not there.
[[nodiscard]] files::File required_file(Context& context, const std::string& id);
// Throws Error(config, "storage_foreign") where this machine has none, or another one.
[[nodiscard]] std::unique_ptr<storage::Disk> disk_of_node(Context& context);
// "12.3 MiB"
[[nodiscard]] std::string size_text(std::int64_t bytes);

}  // namespace devy::cli
